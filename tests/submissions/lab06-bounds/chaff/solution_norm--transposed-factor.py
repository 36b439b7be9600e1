# exercise: solution_norm
# diagnosis: Lᵀz = Y in place of Lz = Y
# why: the wrong half of Cholesky
def solution_norm(H, Y):
    return np.linalg.norm(np.linalg.solve(np.linalg.cholesky(H).T, Y))
