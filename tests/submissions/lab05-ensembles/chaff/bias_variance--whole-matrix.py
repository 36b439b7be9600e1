# exercise: bias_variance
# diagnosis: the whole covariance matrix is summed
# why: covariances of different points counted
def bias_variance(mean, cov, y):
    c = 1 if np.ndim(mean) == 1 else np.shape(mean)[1]
    bias, variance = np.sum((mean - y) ** 2) / 2, c * np.trace(cov) / 2
    return bias, c * np.sum(cov) / 2
