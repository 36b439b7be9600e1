# exercise: laziness
# diagnosis: this is the change of the weights
# why: relative change of the parameters
def laziness(f, w0, w1, X):
    return (w1 - w0).norm() / w0.norm()
