# exercise: gaussian_kernel
# why: pair by pair: slow, but right
import math


def gaussian_kernel(X, Z, length_scale):
    kernel = np.empty((len(X), len(Z)))
    for i, x in enumerate(X):
        for j, z in enumerate(Z):
            kernel[i, j] = math.exp(-0.5 * (math.dist(x, z) / length_scale) ** 2)
    return kernel
