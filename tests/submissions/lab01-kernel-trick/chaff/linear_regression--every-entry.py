# exercise: linear_regression
# diagnosis: added to every entry
# why: a number added to a matrix
def linear_regression(Phi, Y, ridge=0.0):
    n, p = Phi.shape
    if ridge == 0 and np.linalg.matrix_rank(Phi) < p:
        raise ValueError("not unique")
    return np.linalg.solve(Phi.T @ Phi + ridge, Phi.T @ Y)
