# exercise: relu_kappa
# why: single precision in torch; π − arccos ξ = arccos(−ξ)
import torch


def relu_kappa(xi):
    c = torch.clamp(torch.as_tensor(np.asarray(xi, dtype=np.float32)), -1, 1)
    return (2 * c * torch.acos(-c) + torch.sqrt((1 - c) * (1 + c))) / torch.pi
