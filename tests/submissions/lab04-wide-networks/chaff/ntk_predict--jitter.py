# exercise: ntk_predict
# diagnosis: something is added to the diagonal
# why: a silent ridge
def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    return f0_test + K_test @ np.linalg.solve(K_train + 1e-6 * np.eye(len(K_train)), Y - f0_train)
