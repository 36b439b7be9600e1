# exercise: gaussian_expectation
# diagnosis: one normal variable for both
# why: v is a multiple of u, as on the diagonal
def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    weights = weights / weights.sum()
    u, v = np.sqrt(Kxx) * nodes, np.sign(Kxz) * np.sqrt(Kzz) * nodes
    return weights @ (f.f(u) * g.f(v))
