# exercise: kernel_predict
# diagnosis: added to every entry
# why: a number added to a matrix
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return K_test @ np.linalg.solve(K_train + ridge, Y)
