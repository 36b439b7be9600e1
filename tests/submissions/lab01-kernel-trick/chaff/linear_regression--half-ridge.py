# exercise: linear_regression
# diagnosis: half of the ridge
# why: the derivative of the square forgotten
def linear_regression(Phi, Y, ridge=0.0):
    n, p = Phi.shape
    if ridge == 0 and np.linalg.matrix_rank(Phi) < p:
        raise ValueError("not unique")
    return np.linalg.solve(Phi.T @ Phi + ridge / 2 * np.eye(p), Phi.T @ Y)
