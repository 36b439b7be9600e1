# exercise: fit_exponent
# diagnosis: two different bases
# why: two bases
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    return np.polyfit(np.log10(layers), y, 1)[0]
