# exercise: gaussian_expectation
# diagnosis: no Cholesky factor
# why: Cholesky of a singular covariance
def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    weights = weights / np.sqrt(2 * np.pi)
    s, r = nodes[:, None], nodes[None, :]
    root = np.linalg.cholesky([[Kxx, Kxz], [Kxz, Kzz]])
    u, v = root[0, 0] * s + 0 * r, root[1, 0] * s + root[1, 1] * r
    return weights @ (f.f(u) * g.f(v)) @ weights
