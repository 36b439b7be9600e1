# exercise: gradient_descent
# diagnosis: 1/(2n) is missing in the loss
# why: sum of squares
def gradient_descent(Phi, Y, w0, h0, eta, steps):
    w, losses = w0, []
    for _ in range(steps):
        r = h0 + Phi @ (w - w0) - Y
        losses.append(r @ r)
        w = w - eta * (Phi.T @ r / len(Y))
    r = h0 + Phi @ (w - w0) - Y
    losses.append(r @ r)
    return w, np.array(losses)
