# exercise: kernel_predict
# diagnosis: an explicit inverse
# why: inv(K) @ Y
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return K_test @ (np.linalg.inv(K_train + ridge * np.eye(n)) @ Y)
