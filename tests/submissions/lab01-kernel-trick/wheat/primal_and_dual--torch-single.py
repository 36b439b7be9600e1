# exercise: primal_and_dual
# why: single precision in torch
import torch


def primal_and_dual(Phi_train, Phi_test, Y, ridge):
    A, B, Y = (torch.as_tensor(np.asarray(v), dtype=torch.float32) for v in (Phi_train, Phi_test, Y))
    n, p = A.shape
    f_primal = B @ torch.linalg.solve(A.T @ A + ridge * torch.eye(p), A.T @ Y)
    f_dual = B @ A.T @ torch.cholesky_solve(Y, torch.linalg.cholesky(A @ A.T + ridge * torch.eye(n)))
    return f_primal, f_dual, ("primal", "dual")[int(p > n)]
