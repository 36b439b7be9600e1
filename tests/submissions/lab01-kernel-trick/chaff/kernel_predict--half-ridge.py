# exercise: kernel_predict
# diagnosis: half of the ridge
# why: the derivative of the square forgotten
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return K_test @ np.linalg.solve(K_train + ridge / 2 * np.eye(n), Y)
