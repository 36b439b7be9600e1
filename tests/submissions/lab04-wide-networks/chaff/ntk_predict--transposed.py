# exercise: ntk_predict
# diagnosis: (transposed?)
# why: answers with outputs in rows
def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    return (f0_test + K_test @ np.linalg.solve(K_train, Y - f0_train)).T
