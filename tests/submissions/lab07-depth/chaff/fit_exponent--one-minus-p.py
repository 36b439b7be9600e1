# exercise: fit_exponent
# diagnosis: this is 1 − p
# why: the other law
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    return 1 + np.polyfit(x, y, 1)[0]
