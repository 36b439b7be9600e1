# exercise: fit_exponent
# diagnosis: a logarithm of the layers only
# why: the other logarithm
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    return np.polyfit(x, values, 1)[0]
