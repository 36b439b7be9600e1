# exercise: gaussian_expectation
# diagnosis: nan when Kxx = 0
# why: division by Kxx = 0
def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    Kxx = np.float64(Kxx)
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    weights = weights / np.sqrt(2 * np.pi)
    s, r = nodes[:, None], nodes[None, :]
    u = np.sqrt(Kxx) * s + 0 * r
    v = Kxz / np.sqrt(Kxx) * s + np.sqrt(np.maximum(Kzz - Kxz**2 / Kxx, 0)) * r
    return weights @ (f.f(u) * g.f(v)) @ weights
