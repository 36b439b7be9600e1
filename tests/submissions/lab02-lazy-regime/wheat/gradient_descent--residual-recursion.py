# exercise: gradient_descent
# why: walks in the space of residuals and gathers the weights
def gradient_descent(Phi, Y, w0, h0, eta, steps):
    n, H = len(Y), Phi @ Phi.T
    r, gathered, losses = h0 - Y, np.zeros(len(Y)), []
    for _ in range(steps):
        losses.append(r @ r / (2 * n))
        gathered, r = gathered + r, r - eta / n * (H @ r)
    losses.append(r @ r / (2 * n))
    return w0 - eta / n * (Phi.T @ gathered), np.array(losses)
