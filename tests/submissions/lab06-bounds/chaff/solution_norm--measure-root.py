# exercise: solution_norm
# diagnosis: divided by n under the root
# why: the root of the measure
def solution_norm(H, Y):
    return np.sqrt(np.sum(Y * np.linalg.solve(H, Y)) / len(H))
