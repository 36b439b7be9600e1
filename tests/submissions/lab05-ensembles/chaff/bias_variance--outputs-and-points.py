# exercise: bias_variance
# diagnosis: the number of outputs is taken for the number of points
# why: len of the last axis
def bias_variance(mean, cov, y):
    c = 1 if np.ndim(mean) == 1 else np.shape(mean)[1]
    bias, variance = np.sum((mean - y) ** 2) / 2, c * np.trace(cov) / 2
    return bias, np.shape(mean)[-1] * np.trace(cov) / 2
