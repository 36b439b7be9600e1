# exercise: relu_ntk
# why: single precision in torch
import torch


def relu_ntk(X, Z):
    X, Z = (torch.as_tensor(np.asarray(v), dtype=torch.float32) for v in (X, Z))
    lengths = torch.outer(X.norm(dim=1), Z.norm(dim=1))
    c = torch.where(lengths > 0, X @ Z.T / lengths, torch.zeros(())).clamp(-1, 1)
    return lengths * (2 * c * (torch.pi - c.acos()) + (1 - c**2).sqrt()) / torch.pi
