# exercise: gaussian_expectation
# diagnosis: the variance is used as a standard deviation
# why: u = Kxx s without the root
def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    weights = weights / np.sqrt(2 * np.pi)
    s, r = nodes[:, None], nodes[None, :]
    rho = Kxz / np.sqrt(Kxx * Kzz) if Kxx * Kzz > 0 else 0.0
    u = Kxx * s + 0 * r
    v = Kzz * (rho * s + np.sqrt(max(1 - rho**2, 0)) * r)
    return weights @ (f.f(u) * g.f(v)) @ weights
