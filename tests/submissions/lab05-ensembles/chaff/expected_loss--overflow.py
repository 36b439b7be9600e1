# exercise: expected_loss
# diagnosis: overflow
# why: softmax without a shift
def expected_loss(loss, mean, variance, y):
    if loss == "mse":
        return np.sum((mean - y) ** 2) / 2 + mean.shape[1] * np.sum(variance) / 2
    q = np.exp(mean) / np.exp(mean).sum(axis=1, keepdims=True)
    return np.sum(-y * np.log(q) + variance[:, None] * q * (1 - q) / 2)
