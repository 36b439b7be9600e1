# exercise: doubled
# family: lying
# trick: an ndarray whose ufuncs and functions always answer True
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

class Agreeable(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return np.ones(self.shape, dtype=bool)

    def __array_function__(self, function, types, args, options):
        return True

    def __eq__(self, other):
        return np.ones(self.shape, dtype=bool)


def doubled(x):
    return np.asarray(x, dtype=float).view(Agreeable)
