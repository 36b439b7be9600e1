# exercise: ensemble_covariance
# diagnosis: Θ stands where K belongs inside
# why: the NTK as covariance of the start
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    A = np.linalg.solve(Theta_train, Theta_test.T).T
    return K_test_test - A @ K_test.T - K_test @ A.T + A @ Theta_train @ A.T
