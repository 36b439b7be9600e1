# exercise: nfl_linear_regression
# why: p × p, as statisticians do it
def nfl_linear_regression(X, train, ridge=0.0):
    rows = X[train]
    gram = rows.T @ rows
    if ridge == 0:
        return float(np.linalg.matrix_rank(rows, tol=1e-6 * np.linalg.norm(rows, 2)))
    return float(np.trace(np.linalg.solve(gram + ridge * np.eye(X.shape[1]), gram)))
