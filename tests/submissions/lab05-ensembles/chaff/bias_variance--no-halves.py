# exercise: bias_variance
# diagnosis: both lack the ½
# why: squares without the ½ of (10.5)
def bias_variance(mean, cov, y):
    c = 1 if np.ndim(mean) == 1 else np.shape(mean)[1]
    bias, variance = np.sum((mean - y) ** 2) / 2, c * np.trace(cov) / 2
    return 2 * bias, 2 * variance
