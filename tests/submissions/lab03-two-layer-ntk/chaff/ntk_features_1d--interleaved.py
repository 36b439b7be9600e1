# exercise: ntk_features_1d
# diagnosis: interleaved
# why: each unit keeps its two features side by side
def ntk_features_1d(a, b, x):
    z = np.outer(x, b)
    m = len(a)
    column = np.asarray(x)[:, None]
    Phi = np.empty((len(x), 2 * m))
    Phi[:, 0::2] = np.maximum(z, 0)
    Phi[:, 1::2] = a * column * (z > 0)
    return Phi / np.sqrt(m)
