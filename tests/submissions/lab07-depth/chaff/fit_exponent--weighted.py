# exercise: fit_exponent
# diagnosis: weighted by their layer
# why: weights by layer
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    return np.polyfit(x, y, 1, w=layers)[0]
