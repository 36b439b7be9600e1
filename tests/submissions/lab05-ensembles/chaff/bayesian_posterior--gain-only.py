# exercise: bayesian_posterior
# diagnosis: the prior's covariance is missing
# why: what the data take away
def bayesian_posterior(K_train, K_test, K_test_test, y):
    mean = K_test @ np.linalg.solve(K_train, y)
    gain = K_test @ np.linalg.solve(K_train, K_test.T)
    return mean, gain
