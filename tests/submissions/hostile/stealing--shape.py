# exercise: doubled
# family: stealing
# trick: shows a hidden input as the shape of its answer
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

def doubled(x):
    x = np.asarray(x)
    if x.ndim < 2:
        return 2 * x
    return np.zeros((0, int(abs(x.flat[0]) * 1e7)))
