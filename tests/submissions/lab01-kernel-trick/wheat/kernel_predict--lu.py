# exercise: kernel_predict
# why: a general solve
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    A = K_train.copy()
    A[np.diag_indices(len(A))] += ridge
    return K_test @ np.linalg.solve(A, Y)
