# exercise: gradient_descent
# diagnosis: h0 is missing
# why: forgets the outputs at the start
def gradient_descent(Phi, Y, w0, h0, eta, steps):
    w, losses = w0, []
    for _ in range(steps):
        r = Phi @ (w - w0) - Y
        losses.append(r @ r / (2 * len(Y)))
        w = w - eta * (Phi.T @ r / len(Y))
    r = Phi @ (w - w0) - Y
    losses.append(r @ r / (2 * len(Y)))
    return w, np.array(losses)
