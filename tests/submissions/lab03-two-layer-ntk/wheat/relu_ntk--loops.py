# exercise: relu_ntk
# why: pair by pair
def relu_ntk(X, Z):
    K = np.zeros((X.shape[0], Z.shape[0]))
    for j in range(X.shape[0]):
        for l in range(Z.shape[0]):
            length = np.sqrt(X[j] @ X[j]) * np.sqrt(Z[l] @ Z[l])
            if length > 0:
                K[j, l] = length * relu_kappa(X[j] @ Z[l] / length)
    return K
