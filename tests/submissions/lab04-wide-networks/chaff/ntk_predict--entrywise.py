# exercise: ntk_predict
# diagnosis: 1/K entry by entry
# why: the inverse entry by entry
def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    return f0_test + K_test @ (1 / np.where(K_train == 0, 1e-12, K_train)) @ (Y - f0_train)
