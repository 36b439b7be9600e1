# exercise: gaussian_kernel
# diagnosis: nan
# why: a root of a tiny negative number
def gaussian_kernel(X, Z, length_scale):
    squares = np.sum(X**2, axis=1)[:, None] + np.sum(Z**2, axis=1) - 2 * X @ Z.T
    apart = np.sqrt(squares)
    return np.exp(-0.5 * (apart / length_scale) ** 2)
