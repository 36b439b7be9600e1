# exercise: gradient_descent
# why: w is a copy, changed in place; the last loss after the loop
def gradient_descent(Phi, Y, w0, h0, eta, steps):
    w = w0.copy()
    losses = []
    for _ in range(steps):
        r = h0 + Phi @ (w - w0) - Y
        losses.append(0.5 * np.mean(r**2))
        w -= eta * Phi.T @ r / len(Y)
    r = h0 + Phi @ (w - w0) - Y
    losses.append(0.5 * np.mean(r**2))
    return w, losses
