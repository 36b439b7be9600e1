# exercise: ntk_features_1d
# diagnosis: rows and columns are exchanged
# why: one column per input, as the slides write Φ
def ntk_features_1d(a, b, x):
    z = np.outer(x, b)
    m = len(a)
    column = np.asarray(x)[:, None]
    return (np.hstack([np.maximum(z, 0), a * column * (z > 0)]) / np.sqrt(m)).T
