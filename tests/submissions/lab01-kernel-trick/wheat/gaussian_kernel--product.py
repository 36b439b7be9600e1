# exercise: gaussian_kernel
# why: a product over components
def gaussian_kernel(X, Z, length_scale):
    kernel = np.ones((X.shape[0], Z.shape[0]))
    for x, z in zip(X.T, Z.T):
        kernel *= np.exp(-np.square(np.subtract.outer(x, z)) / (2 * length_scale**2))
    return kernel
