# exercise: gradient_descent
# diagnosis: the loss is twice too large
# why: half the sum of squares
def gradient_descent(Phi, Y, w0, h0, eta, steps):
    w, losses = w0, []
    for _ in range(steps):
        r = h0 + Phi @ (w - w0) - Y
        losses.append(r @ r / 2)
        w = w - eta * (Phi.T @ r / len(Y))
    r = h0 + Phi @ (w - w0) - Y
    losses.append(r @ r / 2)
    return w, np.array(losses)
