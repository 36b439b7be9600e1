# exercise: linear_regression
# diagnosis: `solve` alone does not notice
# why: only p > n is refused
def linear_regression(Phi, Y, ridge=0.0):
    n, p = Phi.shape
    if ridge == 0 and p > n:
        raise ValueError("too few examples")
    return np.linalg.lstsq(Phi.T @ Phi + ridge * np.eye(p), Phi.T @ Y, rcond=None)[0]
