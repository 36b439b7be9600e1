# exercise: fit_exponent
# diagnosis: no logarithm
# why: no logarithm
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    return np.polyfit(layers, values, 1)[0]
