# exercise: kernel_predict
# diagnosis: rows and columns are exchanged
# why: one row per output
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return (K_test @ np.linalg.solve(K_train + ridge * np.eye(n), Y)).T
