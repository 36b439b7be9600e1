# exercise: gaussian_kernel
# diagnosis: σ is not squared
# why: σ in place of σ²
def gaussian_kernel(X, Z, length_scale):
    apart = np.sqrt(((X[:, None] - Z[None]) ** 2).sum(axis=2))
    return np.exp(-(apart**2) / (2 * length_scale))
