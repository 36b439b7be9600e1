# exercise: linear_regression
# why: singular values
def linear_regression(Phi, Y, ridge=0.0):
    U, s, Vt = np.linalg.svd(Phi, full_matrices=False)
    if ridge == 0 and (len(s) < Phi.shape[1] or s.min() < 1e-10 * s.max()):
        raise ValueError("dependent columns")
    return Vt.T @ ((s / (s**2 + ridge))[:, None] * (U.T @ Y))
