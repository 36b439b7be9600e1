# exercise: nfl_linear_regression
# why: predicts every training point from its own label alone
def nfl_linear_regression(X, train, ridge=0.0):
    import torch

    A = torch.as_tensor(X)[torch.as_tensor(train)]
    total = 0.0
    inverse = torch.linalg.pinv(A.T @ A + ridge * torch.eye(A.shape[1], dtype=A.dtype), rcond=1e-10, hermitian=True)
    for row in A:
        total += float(row @ inverse @ row)
    return total
