# exercise: kernel_predict
# diagnosis: K_train multiplies
# why: the inverse hidden in the index position taken literally
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return K_test @ (K_train + ridge * np.eye(n)) @ Y
