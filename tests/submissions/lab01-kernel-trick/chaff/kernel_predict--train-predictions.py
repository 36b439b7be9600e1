# exercise: kernel_predict
# diagnosis: these are the predictions on the training inputs
# why: K_train in place of K_test
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return K_train @ np.linalg.solve(K_train + ridge * np.eye(n), Y)
