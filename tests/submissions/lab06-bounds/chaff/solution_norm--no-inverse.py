# exercise: solution_norm
# diagnosis: H in place of its inverse
# why: YᵀHY
def solution_norm(H, Y):
    return np.sqrt(np.sum(Y * (H @ Y)))
