# exercise: bayesian_posterior
# diagnosis: entries are wrong
# why: a prior of mean zero and variance one
def bayesian_posterior(K_train, K_test, K_test_test, y):
    mean = K_test @ np.linalg.solve(K_train, y)
    gain = K_test @ np.linalg.solve(K_train, K_test.T)
    return np.zeros_like(mean), np.eye(len(K_test))
