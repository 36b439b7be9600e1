# exercise: linear_regression
# diagnosis: the ridge has no effect
# why: ridge forgotten
def linear_regression(Phi, Y, ridge=0.0):
    n, p = Phi.shape
    if ridge == 0 and np.linalg.matrix_rank(Phi) < p:
        raise ValueError("not unique")
    return np.linalg.pinv(Phi) @ Y
