# exercise: linearize
# diagnosis: the Jacobian is taken at w
# why: slope at the end of the road
def linearize(f, w0, w, X):
    return f(w0, X) + torch.func.jvp(lambda v: f(v, X), (w,), (w - w0,))[1]
