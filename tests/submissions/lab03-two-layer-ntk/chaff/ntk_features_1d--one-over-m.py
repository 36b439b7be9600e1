# exercise: ntk_features_1d
# diagnosis: 1/m instead of 1/√m
# why: the 1/m of the kernel is put into each feature vector
def ntk_features_1d(a, b, x):
    z = np.outer(x, b)
    m = len(a)
    column = np.asarray(x)[:, None]
    return np.hstack([np.maximum(z, 0), a * column * (z > 0)]) / m
