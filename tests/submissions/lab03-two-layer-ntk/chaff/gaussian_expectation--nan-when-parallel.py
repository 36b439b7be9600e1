# exercise: gaussian_expectation
# diagnosis: nan for parallel x and z
# why: the radicand is not kept from going negative
def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    weights = weights / np.sqrt(2 * np.pi)
    s, r = nodes[:, None], nodes[None, :]
    slope = Kxz / np.sqrt(Kxx) if Kxx > 0 else 0.0
    u, v = np.sqrt(Kxx) * s + 0 * r, slope * s + np.sqrt(Kzz - slope**2) * r
    return weights @ (f.f(u) * g.f(v)) @ weights
