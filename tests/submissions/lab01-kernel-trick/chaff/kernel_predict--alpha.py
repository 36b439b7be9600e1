# exercise: kernel_predict
# diagnosis: these are the dual weights
# why: K_test forgotten
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return np.linalg.solve(K_train + ridge * np.eye(n), Y)
