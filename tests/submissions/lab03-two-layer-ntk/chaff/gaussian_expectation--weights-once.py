# exercise: gaussian_expectation
# diagnosis: you normalised the weights of one variable only
# why: one √(2π) for two variables
def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    s, r = nodes[:, None], nodes[None, :]
    slope = Kxz / np.sqrt(Kxx) if Kxx > 0 else 0.0
    rest = np.sqrt(max(Kzz - slope**2, 0.0))
    u, v = np.sqrt(Kxx) * s + 0 * r, slope * s + rest * r
    return weights @ (f.f(u) * g.f(v)) @ weights / np.sqrt(2 * np.pi)
