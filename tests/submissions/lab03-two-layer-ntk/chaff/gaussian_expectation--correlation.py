# exercise: gaussian_expectation
# diagnosis: Kxz is used as a correlation
# why: the covariance is taken for ρ
def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    weights = weights / np.sqrt(2 * np.pi)
    s, r = nodes[:, None], nodes[None, :]
    u = np.sqrt(Kxx) * s + 0 * r
    v = np.sqrt(Kzz) * (Kxz * s + np.sqrt(max(1 - Kxz**2, 0)) * r)
    return weights @ (f.f(u) * g.f(v)) @ weights
