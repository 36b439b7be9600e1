# exercise: bayesian_posterior
# diagnosis: return two things
# why: the covariance forgotten
def bayesian_posterior(K_train, K_test, K_test_test, y):
    return (K_test @ np.linalg.solve(K_train, y),)
