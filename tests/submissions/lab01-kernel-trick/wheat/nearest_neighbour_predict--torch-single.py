# exercise: nearest_neighbour_predict
# why: single precision in torch
import torch


def nearest_neighbour_predict(X, y, Z, k):
    X, y, Z = (torch.as_tensor(np.asarray(v), dtype=torch.float32) for v in (X, y, Z))
    squares = (Z[:, None] - X[None]).square().sum(-1)
    order = torch.sort(squares, dim=1, stable=True).indices
    return y[order[:, :k]].mean(dim=1)
