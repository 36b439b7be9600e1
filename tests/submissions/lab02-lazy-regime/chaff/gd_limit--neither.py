# exercise: gd_limit
# diagnosis: w0 and h0 are missing
# why: lab 1's solution
def gd_limit(Phi, Y, w0, h0):
    if np.linalg.matrix_rank(Phi) < len(Phi):
        raise ValueError("rank")
    return Phi.T @ np.linalg.solve(Phi @ Phi.T, Y)
