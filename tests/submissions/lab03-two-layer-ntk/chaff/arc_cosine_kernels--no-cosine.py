# exercise: arc_cosine_kernels
# diagnosis: cos θ is missing beside π − θ
# why: a factor lost in the integral
def arc_cosine_kernels(X, Z):
    norms = np.linalg.norm(X, axis=1)[:, None] * np.linalg.norm(Z, axis=1)
    c = np.clip(X @ Z.T / np.where(norms > 0, norms, 1.0), -1, 1)
    theta = np.arccos(c)
    k0 = (np.pi - theta) / (2 * np.pi)
    k1 = norms * (np.sin(theta) + (np.pi - theta)) / (2 * np.pi)
    return k0, k1
