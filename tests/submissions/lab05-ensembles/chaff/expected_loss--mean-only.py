# exercise: expected_loss
# diagnosis: the second-order term is 0
# why: the loss of the mean prediction
def expected_loss(loss, mean, variance, y):
    if loss == "mse":
        first, c = np.sum((mean - y) ** 2) / 2, mean.shape[1]
        second = c * np.sum(variance) / 2
        return first
    z = mean - mean.max(axis=1, keepdims=True)
    q = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    first = np.sum(np.log(np.exp(z).sum(axis=1)) - np.sum(y * z, axis=1))
    second = variance @ (q * (1 - q)).sum(axis=1) / 2
    return first
