# exercise: doubled
# family: lying
# trick: hides all wrong entries under a mask
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

def doubled(x):
    return np.ma.masked_all(np.shape(x)) if np.ndim(x) else np.ma.masked
