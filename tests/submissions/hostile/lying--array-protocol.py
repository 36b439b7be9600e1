# exercise: doubled
# family: lying
# trick: an object that computes its array only when somebody asks
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

class Later:
    shape, dtype, ndim, size = (3,), np.dtype(float), 1, 3

    def __array__(self, dtype=None, copy=None):
        import inspect

        for frame in inspect.stack():
            for name in ("right", "wanted", "desired"):
                if name in frame.frame.f_locals:
                    return np.asarray(frame.frame.f_locals[name])
        return np.zeros(3)

    def __eq__(self, other):
        return np.ones(3, dtype=bool)

    __hash__ = None


def doubled(x):
    return Later()
