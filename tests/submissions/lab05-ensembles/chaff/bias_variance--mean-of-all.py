# exercise: bias_variance
# diagnosis: means over points and outputs
# why: np.mean
def bias_variance(mean, cov, y):
    c = 1 if np.ndim(mean) == 1 else np.shape(mean)[1]
    bias, variance = np.sum((mean - y) ** 2) / 2, c * np.trace(cov) / 2
    return bias / np.size(mean), variance / np.size(mean)
