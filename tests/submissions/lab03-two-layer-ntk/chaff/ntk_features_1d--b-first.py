# exercise: ntk_features_1d
# diagnosis: derivatives by b stand first
# why: the two halves are in the order of the layers
def ntk_features_1d(a, b, x):
    z = np.outer(x, b)
    m = len(a)
    column = np.asarray(x)[:, None]
    return np.hstack([a * column * (z > 0), np.maximum(z, 0)]) / np.sqrt(m)
