# exercise: ntk_predict
# diagnosis: f0_test is missing
# why: only what has been learned
def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    return K_test @ np.linalg.solve(K_train, Y - f0_train)
