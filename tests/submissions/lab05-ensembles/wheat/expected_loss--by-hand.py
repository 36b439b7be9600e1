# exercise: expected_loss
# why: the Hessians from paper
def expected_loss(loss, mean, variance, y):
    if loss == "mse":
        return np.sum((mean - y) ** 2) / 2 + mean.shape[1] * np.sum(variance) / 2
    top = mean.max(axis=1, keepdims=True)
    log_q = mean - top - np.log(np.exp(mean - top).sum(axis=1, keepdims=True))
    q = np.exp(log_q)
    return -np.sum(y * log_q) + np.sum(variance[:, None] * q * (1 - q)) / 2
