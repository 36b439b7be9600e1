# exercise: arc_cosine_kernels
# diagnosis: a zero row gives nan
# why: 0/0 for the zero vector
def arc_cosine_kernels(X, Z):
    norms = np.linalg.norm(X, axis=1)[:, None] * np.linalg.norm(Z, axis=1)
    c = np.clip(X @ Z.T / norms, -1, 1)
    theta = np.arccos(c)
    k0 = (np.pi - theta) / (2 * np.pi)
    k1 = norms * (np.sin(theta) + (np.pi - theta) * c) / (2 * np.pi)
    return k0, k1
