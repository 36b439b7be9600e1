# exercise: relu_ntk
# diagnosis: a zero row gives nan
# why: 0/0 for the zero vector
def relu_ntk(X, Z):
    nx, nz = np.linalg.norm(X, axis=1)[:, None], np.linalg.norm(Z, axis=1)[None, :]
    lengths, inner = nx * nz, X @ Z.T
    c = np.clip(inner / lengths, -1, 1)
    kappa = (2 * c * (np.pi - np.arccos(c)) + np.sqrt(1 - c**2)) / np.pi
    return lengths * kappa
