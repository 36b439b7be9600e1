# exercise: kernel_predict
# diagnosis: weights that sum to one
# why: Nadaraya-Watson
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return K_test @ Y / K_test.sum(axis=1, keepdims=True)
