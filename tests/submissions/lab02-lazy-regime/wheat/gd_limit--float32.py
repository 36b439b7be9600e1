# exercise: gd_limit
# why: single precision
def gd_limit(Phi, Y, w0, h0):
    Phi, Y, w0, h0 = (np.asarray(a, dtype=np.float32) for a in (Phi, Y, w0, h0))
    if np.linalg.matrix_rank(Phi) < len(Phi):
        raise ValueError("rank")
    return w0 + Phi.T @ np.linalg.inv(Phi @ Phi.T) @ (Y - h0)
