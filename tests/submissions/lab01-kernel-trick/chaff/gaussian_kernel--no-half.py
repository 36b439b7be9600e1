# exercise: gaussian_kernel
# diagnosis: the ½ is missing
# why: exponent over σ²
def gaussian_kernel(X, Z, length_scale):
    apart = np.sqrt(((X[:, None] - Z[None]) ** 2).sum(axis=2))
    return np.exp(-(apart**2) / length_scale**2)
