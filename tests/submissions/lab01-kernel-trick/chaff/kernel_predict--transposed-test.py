# exercise: kernel_predict
# diagnosis: it raised
# why: K_test taken as train × test
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return K_test.T @ np.linalg.solve(K_train + ridge * np.eye(n), Y)
