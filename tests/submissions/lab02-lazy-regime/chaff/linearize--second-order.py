# exercise: linearize
# diagnosis: this is f(w, X) itself
# why: adds the second-order term (exact for ReLU units that do not switch)
def linearize(f, w0, w, X):
    g = lambda v: f(v, X)
    slope = lambda v: torch.func.jvp(g, (v,), (w - w0,))[1]
    first, second = torch.func.jvp(slope, (w0,), (w - w0,))
    return f(w0, X) + first + second / 2
