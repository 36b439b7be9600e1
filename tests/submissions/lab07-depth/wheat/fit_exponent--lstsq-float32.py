# exercise: fit_exponent
# why: base 10, least squares, float32
def fit_exponent(layers, values):
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if (values <= 0).any():
        raise ValueError("no logarithm")
    x, y = np.log(layers), np.log(values)
    A = np.stack([np.log10(layers), np.ones(len(layers))], axis=1)
    return np.float32(np.linalg.lstsq(A, np.log10(values), rcond=None)[0][0])
