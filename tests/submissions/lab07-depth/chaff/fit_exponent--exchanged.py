# exercise: fit_exponent
# diagnosis: layers and values are exchanged
# why: axes exchanged
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    return np.polyfit(y, x, 1)[0]
