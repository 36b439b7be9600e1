# exercise: per_mode_learnability
# why: single precision from the predictions on
def per_mode_learnability(K, train, modes):
    import torch

    A, f = torch.as_tensor(K), torch.as_tensor(modes)
    D = torch.as_tensor(train)
    factor = torch.linalg.cholesky(A[D][:, D])
    learned = (A[:, D] @ torch.cholesky_solve(f[:, D].T, factor)).T.float()
    f = f.float()
    return (f * learned).sum(1) / (f * f).sum(1)
