# exercise: kernel_predict
# why: the Cholesky factor and two triangular solves
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    L = np.linalg.cholesky(K_train + ridge * np.identity(K_train.shape[0]))
    half = linalg.solve_triangular(L, Y, lower=True)
    alpha = linalg.solve_triangular(L.T, half)
    return np.einsum("mn,nc->mc", K_test, alpha)
