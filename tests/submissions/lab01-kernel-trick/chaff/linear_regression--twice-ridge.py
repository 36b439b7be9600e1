# exercise: linear_regression
# diagnosis: twice the ridge
# why: 2a of (10.127) with a = ridge
def linear_regression(Phi, Y, ridge=0.0):
    n, p = Phi.shape
    if ridge == 0 and np.linalg.matrix_rank(Phi) < p:
        raise ValueError("not unique")
    return np.linalg.solve(Phi.T @ Phi + 2 * ridge * np.eye(p), Phi.T @ Y)
