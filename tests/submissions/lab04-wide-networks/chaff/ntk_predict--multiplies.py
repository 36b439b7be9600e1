# exercise: ntk_predict
# diagnosis: you multiplied by K_train
# why: (10.39) with its printed lower indices
def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    return f0_test + K_test @ K_train @ (Y - f0_train)
