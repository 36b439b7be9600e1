# exercise: linear_regression
# why: lstsq on the system extended by the ridge; it knows the rank
def linear_regression(Phi, Y, ridge=0.0):
    p = Phi.shape[1]
    extended = np.vstack([Phi, np.sqrt(ridge) * np.eye(p)])
    W, _, rank, _ = np.linalg.lstsq(extended, np.vstack([Y, np.zeros((p, Y.shape[1]))]), rcond=1e-12)
    if rank < p:
        raise ValueError("not unique")
    return W
