# exercise: ensemble_covariance
# diagnosis: one cross term is taken twice
# why: the two cross terms taken for equal
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    A = np.linalg.solve(Theta_train, Theta_test.T).T
    return K_test_test - 2 * A @ K_test.T + A @ K_train @ A.T
