# exercise: expected_loss
# why: second differences of the loss
def expected_loss(loss, mean, variance, y):
    def of(z, target):
        if loss == "mse":
            return np.sum((z - target) ** 2) / 2
        return -target @ (z - np.logaddexp.reduce(z))

    total, h = 0.0, 1e-3
    for m, v, target in zip(mean, variance, y):
        total += of(m, target)
        for step in h * np.eye(len(m)):
            total += 0.5 * v * (of(m + step, target) - 2 * of(m, target) + of(m - step, target)) / h**2
    return total
