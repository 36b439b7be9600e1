# exercise: gaussian_kernel
# diagnosis: a normalising factor
# why: the normal density
def gaussian_kernel(X, Z, length_scale):
    apart = np.sqrt(((X[:, None] - Z[None]) ** 2).sum(axis=2))
    return np.exp(-(apart**2) / (2 * length_scale**2)) / (2 * np.pi * length_scale**2) ** (X.shape[1] / 2)
