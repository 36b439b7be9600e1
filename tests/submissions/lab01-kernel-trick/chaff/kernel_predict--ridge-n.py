# exercise: kernel_predict
# diagnosis: the ridge is multiplied by n
# why: the loss taken as a mean
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return K_test @ np.linalg.solve(K_train + n * ridge * np.eye(n), Y)
