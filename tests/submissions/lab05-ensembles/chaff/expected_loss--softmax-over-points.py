# exercise: expected_loss
# diagnosis: softmax taken over the outputs of each point
# why: the wrong axis
def expected_loss(loss, mean, variance, y):
    if loss == "mse":
        return np.sum((mean - y) ** 2) / 2 + mean.shape[1] * np.sum(variance) / 2
    if len(mean) == 1:
        z = mean - mean.max()
        log_q = z - np.log(np.exp(z).sum())
    else:
        log_q = mean - np.log(np.exp(mean).sum(axis=0))
    q = np.exp(log_q)
    return -np.sum(y * log_q) + np.sum(variance[:, None] * q * (1 - q)) / 2
