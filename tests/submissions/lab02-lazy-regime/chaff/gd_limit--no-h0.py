# exercise: gd_limit
# diagnosis: h0 is missing
# why: forgets the start's outputs
def gd_limit(Phi, Y, w0, h0):
    if np.linalg.matrix_rank(Phi) < len(Phi):
        raise ValueError("rank")
    return w0 + Phi.T @ np.linalg.solve(Phi @ Phi.T, Y)
