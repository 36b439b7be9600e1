# exercise: complexity_measure
# diagnosis: this is its root
# why: the root of the bound
def complexity_measure(H, Y):
    form = np.sum(Y * np.linalg.solve(H, Y))
    return np.sqrt(form / len(H))
