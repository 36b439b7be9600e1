# exercise: ntk_features_1d
# diagnosis: the factor x is missing
# why: chain rule stopped before the inner derivative
def ntk_features_1d(a, b, x):
    z = np.outer(x, b)
    m = len(a)
    column = np.asarray(x)[:, None]
    return np.hstack([np.maximum(z, 0), a * (z > 0)]) / np.sqrt(m)
