# exercise: nfl_linear_regression
# why: singular values, answer in single precision
def nfl_linear_regression(X, train, ridge=0.0):
    s2 = np.linalg.svd(X[np.array(train)], compute_uv=False) ** 2
    s2 = s2[s2 > 1e-10 * s2.max()]
    return np.float32(np.sum(s2 / (s2 + ridge)))
