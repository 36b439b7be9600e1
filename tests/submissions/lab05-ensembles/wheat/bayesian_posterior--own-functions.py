# exercise: bayesian_posterior
# why: (10.49): the functions of exercises 2 and 3 at Theta = K
def bayesian_posterior(K_train, K_test, K_test_test, y):
    mean = ensemble_mean(K_train, K_test, y)
    return mean, ensemble_covariance(K_train, K_test, K_train, K_test, K_test_test)
