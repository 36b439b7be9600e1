# exercise: bayesian_posterior
# diagnosis: K_train does not enter the mean
# why: inner products only
def bayesian_posterior(K_train, K_test, K_test_test, y):
    mean = K_test @ np.linalg.solve(K_train, y)
    gain = K_test @ np.linalg.solve(K_train, K_test.T)
    return K_test @ y, K_test_test - K_test @ K_test.T
