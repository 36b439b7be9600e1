# exercise: bayesian_posterior
# diagnosis: only the variances
# why: the diagonal of the covariance
def bayesian_posterior(K_train, K_test, K_test_test, y):
    mean = K_test @ np.linalg.solve(K_train, y)
    gain = K_test @ np.linalg.solve(K_train, K_test.T)
    return mean, np.diag(K_test_test - gain)
