# exercise: solution_norm
# why: solve for the coefficients, then Y times them
def solution_norm(H, Y):
    return np.sqrt(np.sum(np.asarray(Y) * np.linalg.solve(H, Y)))
