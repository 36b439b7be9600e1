# exercise: bayesian_posterior
# diagnosis: the inverse of K_train is missing in the covariance
# why: K for its inverse
def bayesian_posterior(K_train, K_test, K_test_test, y):
    mean = K_test @ np.linalg.solve(K_train, y)
    gain = K_test @ np.linalg.solve(K_train, K_test.T)
    return mean, K_test_test - K_test @ K_train @ K_test.T
