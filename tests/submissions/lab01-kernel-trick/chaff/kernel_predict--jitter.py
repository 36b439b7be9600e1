# exercise: kernel_predict
# diagnosis: jitter on the diagonal
# why: 1e-8 added for safety
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    return K_test @ np.linalg.solve(K_train + (ridge + 1e-8) * np.eye(n), Y)
