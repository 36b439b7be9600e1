# exercise: ntk_features_1d
# why: torch differentiates the network itself, one input at a time
import torch


def ntk_features_1d(a, b, x):
    weights = torch.tensor(np.concatenate([a, b]), requires_grad=True)
    m, rows = len(a), []
    for value in x:
        output = (weights[:m] * torch.relu(weights[m:] * float(value))).sum() / m**0.5
        rows.append(torch.autograd.grad(output, weights)[0])
    return torch.stack(rows)
