# exercise: bias_variance
# why: plain loops over points and outputs
def bias_variance(mean, cov, y):
    bias = variance = 0.0
    for b in range(len(mean)):
        for m, target in zip(np.ravel(mean[b]), np.ravel(y[b])):
            bias += 0.5 * (m - target) ** 2
            variance += 0.5 * cov[b][b]
    return bias, variance
