# exercise: complexity_measure
# diagnosis: H in place of its inverse
# why: YᵀHY/n
def complexity_measure(H, Y):
    form = np.sum(Y * np.linalg.solve(H, Y))
    return np.sum(Y * (H @ Y)) / len(H)
