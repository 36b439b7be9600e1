# exercise: solution_norm
# diagnosis: H is singular here
# why: least squares
def solution_norm(H, Y):
    return np.sqrt(np.sum(Y * np.linalg.lstsq(H, Y, rcond=None)[0]))
