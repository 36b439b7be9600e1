# exercise: complexity_measure
# diagnosis: divided by n²
# why: a mean of means
def complexity_measure(H, Y):
    form = np.sum(Y * np.linalg.solve(H, Y))
    return form / len(H) ** 2
