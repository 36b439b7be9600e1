# exercise: ntk_predict
# diagnosis: f0_train is not subtracted
# why: learns Y on top of the start
def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    return f0_test + K_test @ np.linalg.solve(K_train, Y)
