# exercise: cost_exponent
# why: lstsq with a column of ones, sorted, in single precision at the end
def cost_exponent(ns, seconds):
    order = np.argsort(ns)
    times = np.atleast_2d(np.asarray(seconds, float).T).min(axis=0)[order]
    n = np.asarray(ns, float)[order]
    keep = 4 * n >= n[-1]
    A = np.column_stack([np.log10(n[keep]), np.ones(keep.sum())])
    return np.linalg.lstsq(A, np.log10(times[keep]), rcond=None)[0].astype(np.float32)[0]
