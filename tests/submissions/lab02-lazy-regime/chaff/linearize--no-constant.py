# exercise: linearize
# diagnosis: the constant f(w0, X) is missing
# why: returns the change only
def linearize(f, w0, w, X):
    return torch.func.jvp(lambda v: f(v, X), (w0,), (w - w0,))[1]
