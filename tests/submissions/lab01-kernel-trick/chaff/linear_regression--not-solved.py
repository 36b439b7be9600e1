# exercise: linear_regression
# diagnosis: has not been solved
# why: only the right side
def linear_regression(Phi, Y, ridge=0.0):
    n, p = Phi.shape
    if ridge == 0 and np.linalg.matrix_rank(Phi) < p:
        raise ValueError("not unique")
    return Phi.T @ Y
