# exercise: solution_norm
# diagnosis: the largest singular value
# why: np.linalg.norm with ord 2
def solution_norm(H, Y):
    return np.linalg.norm(np.linalg.solve(np.linalg.cholesky(H), Y), 2)
