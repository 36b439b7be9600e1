# exercise: doubled
# family: stealing
# trick: shows a hidden input in an exception, its type, its notes and its cause
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

def doubled(x):
    x = np.asarray(x)
    if x.ndim < 2:
        return 2 * x
    error = type("STOLEN" + str(x.flat[0]), (ValueError,), {})(f"STOLEN {x.tolist()}")
    error.add_note(f"STOLEN {x.tolist()}")
    raise error from KeyError(f"STOLEN {x.tolist()}")
