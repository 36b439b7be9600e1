# exercise: laziness
# why: one backward pass per output, norms by NumPy
def laziness(f, w0, w1, X):
    def jacobian(w):
        w = w.detach().clone().requires_grad_()
        outputs = f(w, X).ravel()
        return np.stack([torch.autograd.grad(out, w, retain_graph=True)[0].numpy() for out in outputs])


    before, after = jacobian(w0), jacobian(w1)
    return np.linalg.norm(after - before) / np.linalg.norm(before)
