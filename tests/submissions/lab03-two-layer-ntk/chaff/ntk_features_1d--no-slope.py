# exercise: ntk_features_1d
# diagnosis: a sleeping unit has derivative 0
# why: σ′ is taken to be 1 everywhere
def ntk_features_1d(a, b, x):
    z = np.outer(x, b)
    m = len(a)
    column = np.asarray(x)[:, None]
    return np.hstack([np.maximum(z, 0), a * column * np.ones_like(z)]) / np.sqrt(m)
