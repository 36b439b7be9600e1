# exercise: fit_exponent
# diagnosis: a line through the origin
# why: no intercept
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    return (x @ y) / (x @ x)
