# exercise: ensemble_covariance
# diagnosis: the cross terms have a minus sign
# why: both cross terms added
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    A = np.linalg.solve(Theta_train, Theta_test.T).T
    return K_test_test + A @ K_test.T + K_test @ A.T + A @ K_train @ A.T
