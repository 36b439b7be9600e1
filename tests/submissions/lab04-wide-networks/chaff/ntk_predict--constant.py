# exercise: ntk_predict
# diagnosis: entries are wrong
# why: one number for all
def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    return np.full(np.shape(f0_test), 9.0)
