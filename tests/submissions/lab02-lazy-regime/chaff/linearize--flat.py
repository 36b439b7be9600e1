# exercise: linearize
# diagnosis: it should return shape (2, 1); it returned shape (2,)
# why: drops the axis of the outputs
def linearize(f, w0, w, X):
    a, b = torch.func.jvp(lambda v: f(v, X), (w0,), (w - w0,))
    return (a + b)[:, 0]
