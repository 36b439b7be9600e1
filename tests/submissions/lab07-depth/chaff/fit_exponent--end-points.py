# exercise: fit_exponent
# diagnosis: first and last point only
# why: two points
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    return (y[-1] - y[0]) / (x[-1] - x[0])
