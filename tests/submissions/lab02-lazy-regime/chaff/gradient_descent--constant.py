# exercise: gradient_descent
# diagnosis: entries are wrong
# why: ones
def gradient_descent(Phi, Y, w0, h0, eta, steps):
    return np.ones(len(w0)), np.ones(steps + 1)
