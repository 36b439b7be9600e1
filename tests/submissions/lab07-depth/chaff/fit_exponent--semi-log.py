# exercise: fit_exponent
# diagnosis: a logarithm of the values only
# why: one logarithm
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    return np.polyfit(layers, y, 1)[0]
