# exercise: kernel_predict
# why: in the basis of eigenvectors
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    eigenvalues, Q = np.linalg.eigh(K_train)
    return K_test @ (Q @ ((Q.T @ Y) / (eigenvalues + ridge)[:, None]))
