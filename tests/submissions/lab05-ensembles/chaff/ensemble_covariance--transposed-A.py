# exercise: ensemble_covariance
# diagnosis: A is transposed somewhere
# why: solve without the transposes, wherever the shapes allow it
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    A = np.linalg.solve(Theta_train, Theta_test.T)
    A = A if A.shape[0] == A.shape[1] else A.T
    return K_test_test - A @ K_test.T - K_test @ A.T + A @ K_train @ A.T
