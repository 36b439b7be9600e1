# exercise: feature_learning_gap
# why: NumPy alone: the gradient written out, the kernel from lab 3
def feature_learning_gap(X, y, X_test, y_test, width, eta, steps, seed):
    net = networks.NTKNet(X.shape[1], width, seed=seed)
    W, a = (p.detach().numpy().astype(float) for p in net.parameters())
    a = a[0]
    inner, outer, n = np.sqrt(2 / X.shape[1]), np.sqrt(2 / width), len(X)

    def h(Z, W, a):
        return outer * np.maximum(inner * Z @ W.T, 0) @ a

    W0, a0 = W.copy(), a.copy()
    for _ in range(steps):
        hidden = np.maximum(inner * X @ W.T, 0)
        error = outer * (h(X, W, a) - h(X, W0, a0) - 10 * y) / n
        a, W = a - eta * error @ hidden, W - eta * inner * ((error[:, None] * a) * (hidden > 0)).T @ X
    f = 0.1 * (h(X_test, W, a) - h(X_test, W0, a0))
    K = kernels.two_layer_ntk(np.vstack([X, X_test]))
    guess = K[n:, :n] @ np.linalg.inv(K[:n, :n]) @ y
    return {"network": float(((f - y_test) ** 2).mean()), "kernel": float(((guess - y_test) ** 2).mean())}
