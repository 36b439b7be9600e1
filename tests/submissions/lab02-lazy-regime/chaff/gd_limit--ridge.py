# exercise: gd_limit
# diagnosis: entries are wrong
# why: a ridge on the diagonal
def gd_limit(Phi, Y, w0, h0):
    if np.linalg.matrix_rank(Phi) < len(Phi):
        raise ValueError("rank")
    return w0 + Phi.T @ np.linalg.solve(Phi @ Phi.T + 1e-2 * np.eye(len(Phi)), Y - h0)
