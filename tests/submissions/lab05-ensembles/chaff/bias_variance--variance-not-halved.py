# exercise: bias_variance
# diagnosis: the variance lacks the ½
# why: the plain sum of variances
def bias_variance(mean, cov, y):
    c = 1 if np.ndim(mean) == 1 else np.shape(mean)[1]
    bias, variance = np.sum((mean - y) ** 2) / 2, c * np.trace(cov) / 2
    return bias, 2 * variance
