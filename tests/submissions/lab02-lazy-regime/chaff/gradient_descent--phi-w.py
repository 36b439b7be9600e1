# exercise: gradient_descent
# diagnosis: the model starts from h0
# why: lab 1's model
def gradient_descent(Phi, Y, w0, h0, eta, steps):
    w, losses = w0, []
    for _ in range(steps):
        r = Phi @ w - Y
        losses.append(r @ r / (2 * len(Y)))
        w = w - eta * (Phi.T @ r / len(Y))
    r = Phi @ w - Y
    losses.append(r @ r / (2 * len(Y)))
    return w, np.array(losses)
