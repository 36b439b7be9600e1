# exercise: bias_variance
# diagnosis: roots are taken
# why: a root mean square
def bias_variance(mean, cov, y):
    c = 1 if np.ndim(mean) == 1 else np.shape(mean)[1]
    bias, variance = np.sum((mean - y) ** 2) / 2, c * np.trace(cov) / 2
    return np.sqrt(bias), variance
