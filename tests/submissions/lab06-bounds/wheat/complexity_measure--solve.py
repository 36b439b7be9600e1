# exercise: complexity_measure
# why: without the other exercise
def complexity_measure(H, Y):
    return np.sum(np.asarray(Y) * np.linalg.solve(H, Y)) / len(H)
