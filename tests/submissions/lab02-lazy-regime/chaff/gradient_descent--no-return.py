# exercise: gradient_descent
# diagnosis: does your function end in
# why: nothing returned
def gradient_descent(Phi, Y, w0, h0, eta, steps):
    w = w0
    for _ in range(steps):
        w = w - eta / len(Y) * Phi.T @ (h0 + Phi @ (w - w0) - Y)
