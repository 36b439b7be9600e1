# exercise: fit_exponent
# diagnosis: the last two points only
# why: the asymptotic end
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    return (y[-1] - y[-2]) / (x[-1] - x[-2])
