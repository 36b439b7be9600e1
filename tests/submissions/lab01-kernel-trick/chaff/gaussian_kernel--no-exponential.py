# exercise: gaussian_kernel
# diagnosis: the exponential is missing
# why: only the exponent
def gaussian_kernel(X, Z, length_scale):
    apart = np.sqrt(((X[:, None] - Z[None]) ** 2).sum(axis=2))
    return -(apart**2) / (2 * length_scale**2)
