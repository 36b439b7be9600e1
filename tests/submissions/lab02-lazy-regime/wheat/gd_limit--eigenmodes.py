# exercise: gd_limit
# why: inverse of H by its eigenvectors, rank from its eigenvalues
def gd_limit(Phi, Y, w0, h0):
    values, Q = np.linalg.eigh(Phi @ Phi.T)
    if values[0] <= 1e-12 * values[-1]:
        raise ValueError("H has an eigenvalue 0")
    return w0 + Phi.T @ (Q @ ((Q.T @ (Y - h0)) / values))
