# exercise: doubled
# family: lying
# trick: a float that equals everything
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

class Yes(float):
    def __eq__(self, other):
        return True

    __ne__ = lambda self, other: False
    __lt__ = __gt__ = __le__ = __ge__ = __eq__
    __hash__ = float.__hash__
    __sub__ = __rsub__ = lambda self, other: Yes(0)
    __abs__ = lambda self: Yes(0)


def doubled(x):
    return Yes(0) if np.ndim(x) == 0 else [Yes(0) for _ in np.ravel(x)]
