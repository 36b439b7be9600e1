# exercise: kernel_predict
# diagnosis: K_train does not enter
# why: a vote without the solve
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return K_test @ Y
