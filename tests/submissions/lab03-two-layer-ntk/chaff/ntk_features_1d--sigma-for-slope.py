# exercise: ntk_features_1d
# diagnosis: σ where it needs σ′
# why: the activation is not differentiated
def ntk_features_1d(a, b, x):
    z = np.outer(x, b)
    m = len(a)
    column = np.asarray(x)[:, None]
    return np.hstack([np.maximum(z, 0), a * column * np.maximum(z, 0)]) / np.sqrt(m)
