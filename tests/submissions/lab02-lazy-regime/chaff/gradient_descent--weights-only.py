# exercise: gradient_descent
# diagnosis: return two things
# why: losses forgotten
def gradient_descent(Phi, Y, w0, h0, eta, steps):
    w, losses = w0, []
    for _ in range(steps):
        r = h0 + Phi @ (w - w0) - Y
        losses.append(r @ r / (2 * len(Y)))
        w = w - eta * (Phi.T @ r / len(Y))
    r = h0 + Phi @ (w - w0) - Y
    losses.append(r @ r / (2 * len(Y)))
    return w
