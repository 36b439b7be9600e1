# exercise: complexity_measure
# why: kernel regression of lab 4 with the labels as a test kernel
def complexity_measure(H, Y):
    Y = np.asarray(Y).reshape(len(H), -1)
    return np.trace(regression.kernel_regression(H, Y.T, Y)) / len(H)
