# exercise: bayesian_posterior
# diagnosis: the gain is taken twice
# why: both cross terms of (10.41) without its last term
def bayesian_posterior(K_train, K_test, K_test_test, y):
    mean = K_test @ np.linalg.solve(K_train, y)
    gain = K_test @ np.linalg.solve(K_train, K_test.T)
    return mean, K_test_test - 2 * gain
