# exercise: gaussian_expectation
# why: the symmetric square root of the covariance, another basis
def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    values, vectors = np.linalg.eigh([[Kxx, Kxz], [Kxz, Kzz]])
    root = vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    s = np.stack(np.meshgrid(nodes, nodes, indexing="ij")).reshape(2, -1)
    u, v = root @ s
    w = np.outer(weights, weights).ravel() / (2 * np.pi)
    return np.sum(w * f.f(u) * g.f(v))
