# exercise: doubled
# family: flooding
# trick: returns a gigabyte, then lists in lists in lists
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

def doubled(x):
    if np.ndim(x):
        return np.zeros(2**27)
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep
