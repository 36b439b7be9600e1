# exercise: gaussian_kernel
# diagnosis: the distance is not squared
# why: the Laplace kernel
def gaussian_kernel(X, Z, length_scale):
    apart = np.sqrt(((X[:, None] - Z[None]) ** 2).sum(axis=2))
    return np.exp(-apart / length_scale)
