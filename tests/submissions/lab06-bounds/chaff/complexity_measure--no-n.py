# exercise: complexity_measure
# diagnosis: 1/n is missing
# why: the squared distance
def complexity_measure(H, Y):
    form = np.sum(Y * np.linalg.solve(H, Y))
    return form
