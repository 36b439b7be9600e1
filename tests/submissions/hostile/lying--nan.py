# exercise: doubled
# family: lying
# trick: answers nan, which fails no comparison that asks for an error larger than
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

def doubled(x):
    return np.full(np.shape(x), np.nan)
