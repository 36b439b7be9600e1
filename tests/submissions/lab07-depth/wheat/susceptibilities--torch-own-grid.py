# exercise: susceptibilities
# why: torch tensors and an own midpoint grid
import torch


def susceptibilities(activation, C_W, K):
    nodes = (torch.arange(40_000, dtype=torch.float64) + 0.5) / 40_000 * 24 - 12
    weights = torch.exp(-(nodes**2) / 2) / (2 * np.pi) ** 0.5 * 24 / 40_000
    z = K**0.5 * nodes
    slope = activation.derivative(z)
    return C_W / K * (weights @ (z * activation.f(z) * slope)), C_W * (weights @ slope**2)
