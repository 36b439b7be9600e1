# exercise: solution_norm
# diagnosis: the root is missing
# why: YᵀH⁻¹Y itself
def solution_norm(H, Y):
    return np.sum(Y * np.linalg.solve(H, Y))
