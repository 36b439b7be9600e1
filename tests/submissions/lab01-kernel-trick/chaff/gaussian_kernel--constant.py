# exercise: gaussian_kernel
# diagnosis: entries are wrong
# why: every pair equally similar
def gaussian_kernel(X, Z, length_scale):
    return np.full((len(X), len(Z)), 0.5)
