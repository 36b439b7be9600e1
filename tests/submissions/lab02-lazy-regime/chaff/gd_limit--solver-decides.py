# exercise: gd_limit
# diagnosis: rank 2, three points
# why: waits for the solver to notice
def gd_limit(Phi, Y, w0, h0):
    if Phi.shape[0] > Phi.shape[1]:
        raise ValueError('too many points')
    return w0 + Phi.T @ np.linalg.solve(Phi @ Phi.T, Y - h0)
