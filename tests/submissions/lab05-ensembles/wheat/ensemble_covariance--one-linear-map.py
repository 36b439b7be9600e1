# exercise: ensemble_covariance
# why: the covariance of a linear map of all outputs at the start
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    m = len(Theta_test)
    M = np.hstack([-Theta_test @ np.linalg.inv(Theta_train), np.eye(m)])
    joint = np.block([[K_train, K_test.T], [K_test, K_test_test]])
    return M @ joint @ M.T
