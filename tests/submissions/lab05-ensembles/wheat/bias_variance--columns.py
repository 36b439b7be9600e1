# exercise: bias_variance
# why: one output at a time, as columns
def bias_variance(mean, cov, y):
    difference = (np.asarray(mean) - np.asarray(y)).reshape(len(mean), -1)
    return 0.5 * np.linalg.norm(difference) ** 2, 0.5 * difference.shape[1] * np.diag(cov).sum()
