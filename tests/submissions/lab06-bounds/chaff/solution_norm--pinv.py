# exercise: solution_norm
# diagnosis: H is singular here
# why: a pseudo-inverse
def solution_norm(H, Y):
    return np.sqrt(np.sum(Y * (np.linalg.pinv(H) @ Y)))
