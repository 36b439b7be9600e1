# exercise: linear_regression
# diagnosis: the bias is not penalised
# why: as scikit-learn does
def linear_regression(Phi, Y, ridge=0.0):
    n, p = Phi.shape
    if ridge == 0 and np.linalg.matrix_rank(Phi) < p:
        raise ValueError("not unique")
    return np.linalg.solve(Phi.T @ Phi + ridge * np.diag(np.arange(p) > 0), Phi.T @ Y)
