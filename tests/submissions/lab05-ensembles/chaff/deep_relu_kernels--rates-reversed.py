# exercise: deep_relu_kernels
# diagnosis: the rates are used in the wrong order
# why: the last layer first
def deep_relu_kernels(X, hidden_layers, C_b, C_W, lambda_b, lambda_W):
    lb, lw = np.broadcast_to(lambda_b, hidden_layers + 1)[::-1], np.broadcast_to(lambda_W, hidden_layers + 1)[::-1]
    G = X @ X.T / X.shape[1]
    K, Theta = C_b + C_W * G, lb[0] + lw[0] * G
    for l in range(1, hidden_layers + 1):
        norms = np.sqrt(np.outer(np.diag(K), np.diag(K)))
        cos = np.clip(K / np.where(norms > 0, norms, 1), -1, 1)
        angle = np.arccos(cos)
        ss = norms * (np.sin(angle) + (np.pi - angle) * cos) / (2 * np.pi)
        dd = (np.pi - angle) / (2 * np.pi)
        K, Theta = C_b + C_W * ss, lb[l] + lw[l] * ss + C_W * dd * Theta
    return K, Theta
