# exercise: arc_cosine_kernels
# why: single precision in torch
import torch


def arc_cosine_kernels(X, Z):
    X, Z = (torch.as_tensor(np.asarray(v), dtype=torch.float32) for v in (X, Z))
    norms = X.norm(dim=1)[:, None] * Z.norm(dim=1)
    c = torch.nan_to_num(X @ Z.T / norms).clamp(-1, 1)
    theta = torch.acos(c)
    k0 = (torch.pi - theta) / (2 * torch.pi)
    return k0, norms * (theta.sin() / (2 * torch.pi) + c * k0)
