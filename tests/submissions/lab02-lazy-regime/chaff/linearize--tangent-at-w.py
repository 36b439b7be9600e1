# exercise: linearize
# diagnosis: the tangent at w, followed back to w0
# why: w and w0 exchanged
def linearize(f, w0, w, X):
    a, b = torch.func.jvp(lambda v: f(v, X), (w,), (w0 - w,))
    return a + b
