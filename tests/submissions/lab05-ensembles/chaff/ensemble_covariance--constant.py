# exercise: ensemble_covariance
# diagnosis: entries are wrong
# why: no spread at all
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    A = np.linalg.solve(Theta_train, Theta_test.T).T
    return np.zeros_like(K_test_test)
