# exercise: ensemble_covariance
# diagnosis: one of the two cross terms is missing
# why: the sum over the second pair forgotten
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    A = np.linalg.solve(Theta_train, Theta_test.T).T
    return K_test_test - A @ K_test.T + A @ K_train @ A.T
