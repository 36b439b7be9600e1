# exercise: linear_regression
# diagnosis: the sign of the ridge
# why: regulator subtracted
def linear_regression(Phi, Y, ridge=0.0):
    n, p = Phi.shape
    if ridge == 0 and np.linalg.matrix_rank(Phi) < p:
        raise ValueError("not unique")
    return np.linalg.solve(Phi.T @ Phi + -ridge * np.eye(p), Phi.T @ Y)
