# exercise: gaussian_kernel
# diagnosis: the mean over components
# why: mean in place of sum
def gaussian_kernel(X, Z, length_scale):
    apart = np.sqrt(((X[:, None] - Z[None]) ** 2).mean(axis=2))
    return np.exp(-(apart**2) / (2 * length_scale**2))
