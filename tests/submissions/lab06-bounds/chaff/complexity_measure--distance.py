# exercise: complexity_measure
# diagnosis: this is the distance: square it
# why: returns exercise 3
def complexity_measure(H, Y):
    form = np.sum(Y * np.linalg.solve(H, Y))
    return np.sqrt(form)
