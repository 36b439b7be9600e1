# exercise: ntk_features_1d
# diagnosis: the factor a is missing
# why: the outer weight is dropped from the derivative by b
def ntk_features_1d(a, b, x):
    z = np.outer(x, b)
    m = len(a)
    column = np.asarray(x)[:, None]
    return np.hstack([np.maximum(z, 0), column * (z > 0)]) / np.sqrt(m)
