# exercise: ensemble_covariance
# diagnosis: this is the spread before training
# why: training forgotten
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    A = np.linalg.solve(Theta_train, Theta_test.T).T
    return K_test_test
