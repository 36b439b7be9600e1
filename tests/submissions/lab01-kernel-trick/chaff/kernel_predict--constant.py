# exercise: kernel_predict
# diagnosis: entries are wrong
# why: one number for all
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return np.full((len(K_test), Y.shape[1]), 2.0)
