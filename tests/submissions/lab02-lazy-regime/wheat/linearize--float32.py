# exercise: linearize
# why: single precision throughout
def linearize(f, w0, w, X):
    w0, w = w0.float(), w.float()
    value, slope = torch.func.jvp(lambda v: f(v, X), (w0,), (w - w0,))
    return value + slope
