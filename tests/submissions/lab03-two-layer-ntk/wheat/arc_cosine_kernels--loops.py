# exercise: arc_cosine_kernels
# why: pair by pair with math.atan2, exact near parallel
import math


def arc_cosine_kernels(X, Z):
    k0, k1 = np.zeros((len(X), len(Z))), np.zeros((len(X), len(Z)))
    for j, x in enumerate(X):
        for l, z in enumerate(Z):
            nx, nz = np.linalg.norm(x), np.linalg.norm(z)
            if nx == 0 or nz == 0:
                continue
            p, q = x / nx, z / nz
            theta = 2 * math.atan2(np.linalg.norm(p - q), np.linalg.norm(p + q))
            k0[j, l] = (math.pi - theta) / (2 * math.pi)
            k1[j, l] = nx * nz * (math.sin(theta) + (math.pi - theta) * math.cos(theta)) / (2 * math.pi)
    return k0, k1
