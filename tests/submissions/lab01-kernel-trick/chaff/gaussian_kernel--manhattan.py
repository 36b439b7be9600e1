# exercise: gaussian_kernel
# diagnosis: the sum of absolute differences
# why: L1 in place of Euclid
def gaussian_kernel(X, Z, length_scale):
    apart = np.abs(X[:, None] - Z[None]).sum(axis=2)
    return np.exp(-(apart**2) / (2 * length_scale**2))
