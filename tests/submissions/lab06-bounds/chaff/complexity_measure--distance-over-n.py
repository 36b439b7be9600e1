# exercise: complexity_measure
# diagnosis: this is the distance over n
# why: forgets the square
def complexity_measure(H, Y):
    form = np.sum(Y * np.linalg.solve(H, Y))
    return np.sqrt(form) / len(H)
