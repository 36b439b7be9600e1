# exercise: gaussian_expectation
# why: the physicists' rule, double loop
def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    nodes, weights = np.polynomial.hermite.hermgauss(order)
    total = 0.0
    for s, w_s in zip(np.sqrt(2) * nodes, weights):
        for r, w_r in zip(np.sqrt(2) * nodes, weights):
            if Kxx == 0:
                u, v = 0.0, np.sqrt(Kzz) * r
            else:
                u = np.sqrt(Kxx) * s
                v = Kxz / Kxx * u + np.sqrt(max(Kzz - Kxz**2 / Kxx, 0)) * r
            total += w_s * w_r * f.f(np.array([u]))[0] * g.f(np.array([v]))[0]
    return total / np.pi
