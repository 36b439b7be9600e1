# exercise: complexity_measure
# diagnosis: the labels were turned into 0 and 1
# why: classes 0 and 1
def complexity_measure(H, Y):
    form = np.sum(Y * np.linalg.solve(H, Y))
    return np.sum((Y + 1) / 2 * np.linalg.solve(H, (Y + 1) / 2)) / len(H)
