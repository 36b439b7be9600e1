# exercise: relu_ntk
# diagnosis: κ gets ⟨x, z⟩ instead of the cosine
# why: inner products taken for cosines
def relu_ntk(X, Z):
    nx, nz = np.linalg.norm(X, axis=1)[:, None], np.linalg.norm(Z, axis=1)[None, :]
    lengths, inner = nx * nz, X @ Z.T
    c = np.clip(inner, -1, 1)
    kappa = (2 * c * (np.pi - np.arccos(c)) + np.sqrt(1 - c**2)) / np.pi
    return lengths * kappa
