# exercise: gaussian_expectation
# diagnosis: u and v are independent in your answer
# why: the covariance is forgotten
def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    weights = weights / np.sqrt(2 * np.pi)
    s, r = nodes[:, None], nodes[None, :]
    u, v = np.sqrt(Kxx) * s + 0 * r, np.sqrt(Kzz) * r + 0 * s
    return weights @ (f.f(u) * g.f(v)) @ weights
