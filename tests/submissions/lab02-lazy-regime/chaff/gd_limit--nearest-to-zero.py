# exercise: gd_limit
# diagnosis: nearest to w0
# why: minimum-norm interpolation
def gd_limit(Phi, Y, w0, h0):
    if np.linalg.matrix_rank(Phi) < len(Phi):
        raise ValueError("rank")
    return np.linalg.pinv(Phi) @ (Y - h0 + Phi @ w0)
