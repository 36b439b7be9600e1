# exercise: kernel_predict
# diagnosis: the ridge has no effect
# why: ridge forgotten
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return K_test @ np.linalg.solve(K_train, Y)
