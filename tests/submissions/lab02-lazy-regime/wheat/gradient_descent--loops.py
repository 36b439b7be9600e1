# exercise: gradient_descent
# why: no matrix products at all
def gradient_descent(Phi, Y, w0, h0, eta, steps):
    n, p = len(Phi), len(Phi[0])
    w = [float(v) for v in w0]
    losses = []
    for t in range(steps + 1):
        r = [h0[i] + sum(Phi[i][k] * (w[k] - w0[k]) for k in range(p)) - Y[i] for i in range(n)]
        losses.append(sum(v * v for v in r) / (2 * n))
        if t < steps:
            w = [w[k] - eta / n * sum(Phi[i][k] * r[i] for i in range(n)) for k in range(p)]
    return w, losses
