# exercise: bias_variance
# diagnosis: the bias lacks the ½
# why: "precisely the square", as a footnote says
def bias_variance(mean, cov, y):
    c = 1 if np.ndim(mean) == 1 else np.shape(mean)[1]
    bias, variance = np.sum((mean - y) ** 2) / 2, c * np.trace(cov) / 2
    return 2 * bias, variance
