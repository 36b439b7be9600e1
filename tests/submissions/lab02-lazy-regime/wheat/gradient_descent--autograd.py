# exercise: gradient_descent
# why: torch differentiates the loss
def gradient_descent(Phi, Y, w0, h0, eta, steps):
    Phi, Y, w0, h0 = (torch.as_tensor(a) for a in (Phi, Y, w0, h0))
    w, losses = w0.clone().requires_grad_(), torch.zeros(steps + 1, dtype=torch.float64)
    for t in range(steps + 1):
        loss = ((h0 + Phi @ (w - w0) - Y) ** 2).sum() / (2 * len(Y))
        losses[t] = loss.detach()
        if t < steps:
            (slope,) = torch.autograd.grad(loss, w)
            w = (w - eta * slope).detach().requires_grad_()
    return w, losses
