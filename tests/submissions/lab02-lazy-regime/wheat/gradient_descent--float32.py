# exercise: gradient_descent
# why: single precision
def gradient_descent(Phi, Y, w0, h0, eta, steps):
    Phi, Y, w0, h0 = (np.asarray(a, dtype=np.float32) for a in (Phi, Y, w0, h0))
    w, losses = w0, []
    for t in range(steps + 1):
        r = h0 + np.einsum("np,p->n", Phi, w - w0) - Y
        losses.append((r @ r) / np.float32(2 * len(Y)))
        if t < steps:
            w = w - np.float32(eta / len(Y)) * np.einsum("np,n->p", Phi, r)
    return w, np.array(losses, dtype=np.float32)
