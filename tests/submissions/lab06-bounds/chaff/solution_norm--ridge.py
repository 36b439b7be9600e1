# exercise: solution_norm
# diagnosis: a ridge of 1e-6 has slipped in
# why: jitter
def solution_norm(H, Y):
    return np.sqrt(np.sum(Y * np.linalg.solve(H + 1e-6 * np.eye(len(H)), Y)))
