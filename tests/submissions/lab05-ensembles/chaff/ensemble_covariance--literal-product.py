# exercise: ensemble_covariance
# diagnosis: the inverse is missing in A
# why: (10.41) as printed
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    A = Theta_test @ Theta_train
    return K_test_test - A @ K_test.T - K_test @ A.T + A @ K_train @ A.T
