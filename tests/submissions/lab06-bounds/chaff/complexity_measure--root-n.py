# exercise: complexity_measure
# diagnosis: 1/√n in place of 1/n
# why: from the bound
def complexity_measure(H, Y):
    form = np.sum(Y * np.linalg.solve(H, Y))
    return form / np.sqrt(len(H))
