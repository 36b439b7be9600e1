# exercise: finite_width_ntk
# why: single precision in torch, both halves in one product
import torch


def finite_width_ntk(a, B, X, Z):
    a, B, X, Z = (torch.as_tensor(np.asarray(v), dtype=torch.float32) for v in (a, B, X, Z))
    U, V = X @ B.T, Z @ B.T
    awake = (U > 0).float() * a.square() @ (V > 0).float().T
    return (torch.relu(U) @ torch.relu(V).T + (X @ Z.T) * awake) / a.numel()
