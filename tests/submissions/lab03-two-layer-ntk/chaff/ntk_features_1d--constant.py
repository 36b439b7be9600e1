# exercise: ntk_features_1d
# diagnosis: entries are wrong
# why: one number for every feature
def ntk_features_1d(a, b, x):
    return np.ones((len(x), 2 * len(a)))
