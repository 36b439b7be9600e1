# exercise: solution_norm
# diagnosis: this is the length of H⁻¹Y
# why: the coefficients, not the weights
def solution_norm(H, Y):
    return np.linalg.norm(np.linalg.solve(H, Y))
