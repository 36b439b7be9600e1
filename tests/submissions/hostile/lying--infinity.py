# exercise: doubled
# family: lying
# trick: answers infinity of the right sign, next to which every tolerance is large
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

def doubled(x):
    return np.copysign(np.inf, x)
