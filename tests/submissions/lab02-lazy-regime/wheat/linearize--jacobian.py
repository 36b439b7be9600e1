# exercise: linearize
# why: the whole Jacobian by the older interface, then a matrix product
def linearize(f, w0, w, X):
    J = torch.autograd.functional.jacobian(lambda v: f(v, X), w0)
    return f(w0, X) + J @ (w - w0)
