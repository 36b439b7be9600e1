# exercise: fit_exponent
# why: covariance over variance
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    table = np.cov(x, y)
    return slope(table)


def slope(table):
    return float(table[0, 1] / table[0, 0])
