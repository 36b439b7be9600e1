# exercise: kernel_predict
# why: Cholesky and substitution written out, output by output
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    n = len(K_train)
    A = K_train + ridge * np.eye(n)
    L = np.zeros((n, n))
    for j in range(n):
        L[j, j] = np.sqrt(A[j, j] - L[j, :j] @ L[j, :j])
        L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    predictions = []
    for y in Y.T:
        half, alpha = np.zeros(n), np.zeros(n)
        for i in range(n):
            half[i] = (y[i] - L[i, :i] @ half[:i]) / L[i, i]
        for i in reversed(range(n)):
            alpha[i] = (half[i] - L[i + 1 :, i] @ alpha[i + 1 :]) / L[i, i]
        predictions.append(K_test @ alpha)
    return np.column_stack(predictions)
