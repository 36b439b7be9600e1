# exercise: doubled
# family: lying
# trick: raises StopIteration, which ends a map() or a loop of the test early
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

def doubled(x):
    raise StopIteration
