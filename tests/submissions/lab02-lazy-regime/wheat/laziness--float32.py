# exercise: laziness
# why: single precision
def laziness(f, w0, w1, X):
    J0, J1 = (torch.autograd.functional.jacobian(lambda v: f(v, X), w.float()) for w in (w0, w1))
    return (J1 - J0).norm() / J0.norm()
