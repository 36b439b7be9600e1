# exercise: ntk_features_1d
# diagnosis: the 1/√m of the network is missing
# why: the 1/√m in front of the sum is forgotten when differentiating
def ntk_features_1d(a, b, x):
    z = np.outer(x, b)
    m = len(a)
    column = np.asarray(x)[:, None]
    return np.hstack([np.maximum(z, 0), a * column * (z > 0)])
