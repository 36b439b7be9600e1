# exercise: gd_limit
# diagnosis: the inverse of H is missing
# why: one gradient step
def gd_limit(Phi, Y, w0, h0):
    if np.linalg.matrix_rank(Phi) < len(Phi):
        raise ValueError("rank")
    return w0 + Phi.T @ (Y - h0)
