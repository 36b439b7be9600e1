# exercise: solution_norm
# diagnosis: one length for each output
# why: axis=0
def solution_norm(H, Y):
    return np.linalg.norm(np.linalg.solve(np.linalg.cholesky(H), Y), axis=0)
