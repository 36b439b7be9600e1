# exercise: laziness
# diagnosis: this is the change of the outputs
# why: functions compared instead of derivatives
def laziness(f, w0, w1, X):
    return (f(w1, X) - f(w0, X)).norm() / f(w0, X).norm()
