# exercise: bayesian_posterior
# diagnosis: 1 is added to the diagonal
# why: noise of variance one
def bayesian_posterior(K_train, K_test, K_test_test, y):
    mean = K_test @ np.linalg.solve(K_train, y)
    gain = K_test @ np.linalg.solve(K_train, K_test.T)
    noisy = K_train + np.eye(len(K_train))
    mean, gain = K_test @ np.linalg.solve(noisy, y), K_test @ np.linalg.solve(noisy, K_test.T)
    return mean, K_test_test - gain
