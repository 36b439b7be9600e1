# exercise: bias_variance
# why: single precision, returned as a list of tensors
def bias_variance(mean, cov, y):
    mean, cov, y = (torch.as_tensor(np.asarray(v, dtype=np.float32)) for v in (mean, cov, y))
    c = 1 if mean.ndim == 1 else mean.shape[1]
    return [((mean - y) ** 2).sum() / 2, c * torch.trace(cov) / 2]
