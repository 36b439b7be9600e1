# exercise: expected_loss
# why: single precision, soft targets by log-sum-exp
def expected_loss(loss, mean, variance, y):
    mean, variance, y = (torch.as_tensor(np.asarray(v, dtype=np.float32)) for v in (mean, variance, y))
    if loss == "mse":
        return (((mean - y) ** 2).sum(dim=1) + mean.shape[1] * variance).sum() / 2
    q = torch.softmax(mean, dim=1)
    first = torch.logsumexp(mean, dim=1) - (y * mean).sum(dim=1)
    return (first + variance * (q - q**2).sum(dim=1) / 2).sum()
