# exercise: linearize
# diagnosis: the tangent touches at f.w0
# why: uses the network's own weights
def linearize(f, w0, w, X):
    a, b = torch.func.jvp(lambda v: f(v, X), (f.w0,), (w - f.w0,))
    return a + b
