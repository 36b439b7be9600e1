# exercise: convergence_slope
# why: single precision in torch, from a covariance
import torch


def convergence_slope(widths, errors):
    x, y = (torch.log(torch.tensor(np.array(v), dtype=torch.float32)) for v in (widths, errors))
    covariance = torch.cov(torch.stack([x, y]))
    return covariance[0, 1] / covariance[0, 0]
