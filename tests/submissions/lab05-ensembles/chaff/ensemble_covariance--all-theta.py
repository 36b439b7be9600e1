# exercise: ensemble_covariance
# diagnosis: every kernel is Θ here
# why: Bayes with the NTK as its kernel
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    A = np.linalg.solve(Theta_train, Theta_test.T).T
    return K_test_test - A @ Theta_test.T
