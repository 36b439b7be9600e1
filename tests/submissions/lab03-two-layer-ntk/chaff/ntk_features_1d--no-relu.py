# exercise: ntk_features_1d
# diagnosis: the derivative by a is σ(b·x)
# why: the first half is the preactivation
def ntk_features_1d(a, b, x):
    z = np.outer(x, b)
    m = len(a)
    column = np.asarray(x)[:, None]
    return np.hstack([z, a * column * (z > 0)]) / np.sqrt(m)
