# exercise: arc_cosine_kernels
# diagnosis: E[r²] = 2 is missing
# why: the mean over directions alone
def arc_cosine_kernels(X, Z):
    norms = np.linalg.norm(X, axis=1)[:, None] * np.linalg.norm(Z, axis=1)
    c = np.clip(X @ Z.T / np.where(norms > 0, norms, 1.0), -1, 1)
    theta = np.arccos(c)
    k0 = (np.pi - theta) / (2 * np.pi)
    k1 = norms * (np.sin(theta) + (np.pi - theta) * c) / (4 * np.pi)
    return k0, k1
