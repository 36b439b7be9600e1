# exercise: ensemble_covariance
# diagnosis: this is the Bayesian formula
# why: K in place of Theta
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    A = np.linalg.solve(K_train, K_test.T).T
    return K_test_test - A @ K_test.T
