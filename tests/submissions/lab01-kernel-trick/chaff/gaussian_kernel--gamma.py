# exercise: gaussian_kernel
# diagnosis: the length scale multiplies
# why: scikit-learn's gamma
def gaussian_kernel(X, Z, length_scale):
    apart = np.sqrt(((X[:, None] - Z[None]) ** 2).sum(axis=2))
    return np.exp(-length_scale * apart**2)
