# exercise: linear_regression
# diagnosis: the ridge is multiplied by n
# why: the loss taken as a mean
def linear_regression(Phi, Y, ridge=0.0):
    n, p = Phi.shape
    if ridge == 0 and np.linalg.matrix_rank(Phi) < p:
        raise ValueError("not unique")
    return np.linalg.solve(Phi.T @ Phi + n * ridge * np.eye(p), Phi.T @ Y)
