# exercise: nfl_linear_regression
# diagnosis: singular values stand
# why: does not square them
def nfl_linear_regression(X, train, ridge=0.0):
    s = np.linalg.svd(X[train], compute_uv=False)
    if ridge == 0:
        return float(np.sum(s > 1e-10 * s[0]))
    return float(np.sum(s / (s + ridge)))
