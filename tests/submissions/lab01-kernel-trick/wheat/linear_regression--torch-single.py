# exercise: linear_regression
# why: single precision in torch
import torch


def linear_regression(Phi, Y, ridge=0.0):
    Phi, Y = (torch.as_tensor(np.asarray(v), dtype=torch.float32) for v in (Phi, Y))
    if ridge == 0 and int(torch.linalg.matrix_rank(Phi)) < Phi.shape[1]:
        raise ValueError("the weights are not unique")
    M = torch.einsum("ni,nj->ij", Phi, Phi) + ridge * torch.eye(Phi.shape[1])
    return torch.linalg.solve(M, Phi.T @ Y)
