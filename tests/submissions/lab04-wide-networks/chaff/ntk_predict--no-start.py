# exercise: ntk_predict
# diagnosis: the function at the start is missing
# why: kernel regression as S0 prints it
def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    return K_test @ np.linalg.solve(K_train, Y)
