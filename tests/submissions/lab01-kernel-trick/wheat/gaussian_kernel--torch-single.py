# exercise: gaussian_kernel
# why: single precision in torch, three terms
import torch


def gaussian_kernel(X, Z, length_scale):
    X, Z = (torch.as_tensor(np.asarray(v), dtype=torch.float32) for v in (X, Z))
    squares = X.square().sum(1)[:, None] + Z.square().sum(1) - 2 * X @ Z.T
    return torch.exp(-squares.clamp(min=0) / (2 * length_scale**2))
