# exercise: gaussian_kernel
# why: all differences at once
def gaussian_kernel(X, Z, length_scale):
    difference = X[:, None, :] - Z[None, :, :]
    return np.exp(-0.5 * (difference**2).sum(axis=-1) / length_scale**2)
