# exercise: gaussian_kernel
# diagnosis: the sign is missing
# why: similarity grows with distance
def gaussian_kernel(X, Z, length_scale):
    apart = np.sqrt(((X[:, None] - Z[None]) ** 2).sum(axis=2))
    return np.exp(apart**2 / (2 * length_scale**2))
