# exercise: ntk_predict
# diagnosis: the sign of the residual is wrong
# why: residual f0 - Y
def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    return f0_test + K_test @ np.linalg.solve(K_train, f0_train - Y)
