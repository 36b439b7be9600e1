# exercise: kernel_predict
# diagnosis: the sign of the ridge
# why: ridge subtracted
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return K_test @ np.linalg.solve(K_train + -ridge * np.eye(n), Y)
