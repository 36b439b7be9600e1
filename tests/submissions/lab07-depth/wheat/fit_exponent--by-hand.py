# exercise: fit_exponent
# why: the formula of least squares
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    return np.sum((x - x.mean()) * y) / np.sum((x - x.mean()) ** 2)
