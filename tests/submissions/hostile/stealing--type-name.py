# exercise: doubled
# family: stealing
# trick: shows a hidden input as the name of the type it returns
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

def doubled(x):
    x = np.asarray(x)
    if x.ndim < 2:
        return 2 * x
    return type("STOLEN" + str(x.flat[0]), (), {})()
