# exercise: feature_learning_gap
# why: the predictor as it is written, its own descent with η/α²
def feature_learning_gap(X, y, X_test, y_test, width, eta, steps, seed):
    import torch

    alpha = 0.1
    net = networks.NTKNet(X.shape[1], width, seed=seed).double()
    tx, ty, tz = (torch.as_tensor(A, dtype=torch.float64) for A in (X, y, X_test))
    with torch.no_grad():
        start, start_test = net(tx)[:, 0], net(tz)[:, 0]
    weights = list(net.parameters())
    for _ in range(steps):
        f = alpha * (net(tx)[:, 0] - start)
        gradients = torch.autograd.grad(((f - ty) ** 2).sum() / (2 * len(ty)), weights)
        with torch.no_grad():
            for weight, gradient in zip(weights, gradients):
                weight -= eta / alpha**2 * gradient
    with torch.no_grad():
        f = (alpha * (net(tz)[:, 0] - start_test)).numpy()
    K = kernels.ntk(np.vstack([X, X_test]), mlp=net.mlp)
    n = len(X)
    guess = K[n:, :n] @ np.linalg.solve(K[:n, :n], y)
    return {"kernel": np.mean((guess - y_test) ** 2), "network": np.mean((f - y_test) ** 2)}
