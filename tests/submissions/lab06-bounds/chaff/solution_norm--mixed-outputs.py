# exercise: solution_norm
# diagnosis: all entries of the matrix YᵀH⁻¹Y
# why: sum of a matrix
def solution_norm(H, Y):
    return np.sqrt(np.sum(Y.T @ np.linalg.solve(H, Y)))
