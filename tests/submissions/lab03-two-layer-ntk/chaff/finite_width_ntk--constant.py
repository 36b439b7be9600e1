# exercise: finite_width_ntk
# diagnosis: entries are wrong
# why: one number for every pair
def finite_width_ntk(a, B, X, Z):
    return np.full((len(X), len(Z)), 0.5)
