# exercise: solution_norm
# diagnosis: 1/H entry by entry
# why: 1 / H
def solution_norm(H, Y):
    return np.sqrt(np.sum(Y * ((1 / H) @ Y)))
