# exercise: polynomial_features
# why: single precision in torch
import torch


def polynomial_features(X, degree):
    X = torch.as_tensor(np.asarray(X), dtype=torch.float32)
    columns, before = [torch.ones(len(X))], [(torch.ones(len(X)), 0)]
    for _ in range(degree):  # extend each monomial by a component that is not before its last one
        before = [(old * X[:, j], j) for old, last in before for j in range(last, X.shape[1])]
        columns += [new for new, _ in before]
    return torch.stack(columns, dim=1)
