# exercise: fit_exponent
# diagnosis: the sign is turned
# why: p instead of the slope
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    return -np.polyfit(x, y, 1)[0]
