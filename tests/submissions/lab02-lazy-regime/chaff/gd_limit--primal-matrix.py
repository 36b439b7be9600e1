# exercise: gd_limit
# diagnosis: it raised
# why: (ΦᵀΦ)⁻¹, which is singular for p > n
def gd_limit(Phi, Y, w0, h0):
    if np.linalg.matrix_rank(Phi) < len(Phi):
        raise ValueError("rank")
    return w0 + np.linalg.solve(Phi.T @ Phi, Phi.T @ (Y - h0))
