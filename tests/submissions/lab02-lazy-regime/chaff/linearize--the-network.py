# exercise: linearize
# diagnosis: this is f(w, X) itself
# why: evaluates the network at w
def linearize(f, w0, w, X):
    return f(w, X)
