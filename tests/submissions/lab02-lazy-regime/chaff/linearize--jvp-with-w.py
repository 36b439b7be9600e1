# exercise: linearize
# diagnosis: multiply it by w − w0
# why: the direction is w instead of w − w0
def linearize(f, w0, w, X):
    a, b = torch.func.jvp(lambda v: f(v, X), (w0,), (w,))
    return a + b
