# exercise: complexity_measure
# diagnosis: divided by the number of entries
# why: np.mean
def complexity_measure(H, Y):
    form = np.sum(Y * np.linalg.solve(H, Y))
    return np.mean(Y * np.linalg.solve(H, Y))
