# exercise: linear_regression
# diagnosis: entries are wrong
# why: always the same weights
def linear_regression(Phi, Y, ridge=0.0):
    if ridge == 0 and np.linalg.matrix_rank(Phi) < Phi.shape[1]:
        raise ValueError("not unique")
    return np.full((Phi.shape[1], Y.shape[1]), 0.5)
