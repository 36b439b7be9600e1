# exercise: relu_ntk
# diagnosis: only one of the two norms stands in front (X's)
# why: Z's length forgotten
def relu_ntk(X, Z):
    nx, nz = np.linalg.norm(X, axis=1)[:, None], np.linalg.norm(Z, axis=1)[None, :]
    lengths, inner = nx * nz, X @ Z.T
    c = np.clip(inner / np.where(lengths > 0, lengths, 1.0), -1, 1)
    kappa = (2 * c * (np.pi - np.arccos(c)) + np.sqrt(1 - c**2)) / np.pi
    return nx * kappa
