# exercise: linearize
# diagnosis: the sign of the step is wrong
# why: the step goes from w to w0
def linearize(f, w0, w, X):
    a, b = torch.func.jvp(lambda v: f(v, X), (w0,), (w0 - w,))
    return a + b
