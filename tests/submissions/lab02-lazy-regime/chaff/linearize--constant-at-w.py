# exercise: linearize
# diagnosis: the constant is f at w0
# why: f(w) plus the change
def linearize(f, w0, w, X):
    return f(w, X) + torch.func.jvp(lambda v: f(v, X), (w0,), (w - w0,))[1]
