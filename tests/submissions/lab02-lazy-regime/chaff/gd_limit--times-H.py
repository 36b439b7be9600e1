# exercise: gd_limit
# diagnosis: H where its inverse belongs
# why: multiplies by H
def gd_limit(Phi, Y, w0, h0):
    if np.linalg.matrix_rank(Phi) < len(Phi):
        raise ValueError("rank")
    return w0 + Phi.T @ (Phi @ Phi.T @ (Y - h0))
