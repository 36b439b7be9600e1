# exercise: ensemble_covariance
# diagnosis: is transposed in the cross term
# why: K_test for its transpose wherever the shapes allow it
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    A = np.linalg.solve(Theta_train, Theta_test.T).T
    C = A @ K_test if K_test.shape[0] == K_test.shape[1] else A @ K_test.T
    return K_test_test - C - C.T + A @ K_train @ A.T
