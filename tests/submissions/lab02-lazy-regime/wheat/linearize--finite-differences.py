# exercise: linearize
# why: a small step to both sides of w0, in NumPy
def linearize(f, w0, w, X):
    w0, w = w0.numpy(), w.numpy()
    tiny = 1e-5
    slope = (f(w0 + tiny * (w - w0), X) - f(w0 - tiny * (w - w0), X)) / (2 * tiny)
    return f(w0, X) + slope
