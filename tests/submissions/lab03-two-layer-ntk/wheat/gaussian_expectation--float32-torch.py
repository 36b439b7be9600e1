# exercise: gaussian_expectation
# why: single precision, torch tensors throughout
import torch


def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    nodes, weights = (torch.tensor(v, dtype=torch.float32) for v in np.polynomial.hermite_e.hermegauss(order))
    weights = weights / weights.sum()
    rho = Kxz / (Kxx * Kzz) ** 0.5 if Kxx * Kzz > 0 else 0.0
    u = Kxx**0.5 * nodes
    v = Kzz**0.5 * (rho * nodes[:, None] + max(1 - rho**2, 0) ** 0.5 * nodes)
    return (weights[:, None] * weights * f.f(u)[:, None] * g.f(v)).sum()
