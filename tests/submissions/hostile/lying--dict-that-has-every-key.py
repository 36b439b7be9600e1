# exercise: summary
# family: lying
# trick: a dict that contains whatever is looked up
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

class Everything(dict):
    def __contains__(self, key):
        return True

    def __missing__(self, key):
        return self

    def __eq__(self, other):
        return True

    __hash__ = None


def summary(x, rng):
    return Everything()
