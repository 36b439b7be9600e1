# exercise: kernel_predict
# why: single precision in torch
import torch


def kernel_predict(K_train, K_test, Y, ridge=0.0):
    K_train, K_test, Y = (torch.as_tensor(np.asarray(v), dtype=torch.float32) for v in (K_train, K_test, Y))
    L = torch.linalg.cholesky(K_train + ridge * torch.eye(len(K_train)))
    return K_test @ torch.cholesky_solve(Y, L)
