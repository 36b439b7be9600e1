# exercise: linear_regression
# why: an explicit inverse of M: not forbidden here, and right on well-conditioned features
def linear_regression(Phi, Y, ridge=0.0):
    M = np.einsum("ni,nj->ij", Phi, Phi)
    M[np.diag_indices_from(M)] += ridge
    if not ridge and np.linalg.cond(Phi) > 1e8 or (not ridge and Phi.shape[0] < Phi.shape[1]):
        raise ValueError("singular")
    return np.linalg.inv(M) @ Phi.T @ Y
