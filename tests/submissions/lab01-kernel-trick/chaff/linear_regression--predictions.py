# exercise: linear_regression
# diagnosis: these are the predictions
# why: Phi @ W returned
def linear_regression(Phi, Y, ridge=0.0):
    n, p = Phi.shape
    if ridge == 0 and np.linalg.matrix_rank(Phi) < p:
        raise ValueError("not unique")
    return Phi @ np.linalg.solve(Phi.T @ Phi + ridge * np.eye(p), Phi.T @ Y)
