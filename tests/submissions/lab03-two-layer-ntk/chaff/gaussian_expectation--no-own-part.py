# exercise: gaussian_expectation
# diagnosis: v lacks the part that is independent of u
# why: v is the regression of v on u
def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    weights = weights / np.sqrt(2 * np.pi)
    s, r = nodes[:, None], nodes[None, :]
    slope = Kxz / np.sqrt(Kxx) if Kxx > 0 else 0.0
    rest = np.sqrt(max(Kzz - slope**2, 0.0))
    u, v = np.sqrt(Kxx) * s + 0 * r, slope * s + 0 * r
    return weights @ (f.f(u) * g.f(v)) @ weights
