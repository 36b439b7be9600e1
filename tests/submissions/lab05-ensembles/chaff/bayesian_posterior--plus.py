# exercise: bayesian_posterior
# diagnosis: the sign is wrong
# why: the gain added
def bayesian_posterior(K_train, K_test, K_test_test, y):
    mean = K_test @ np.linalg.solve(K_train, y)
    gain = K_test @ np.linalg.solve(K_train, K_test.T)
    return mean, K_test_test + gain
