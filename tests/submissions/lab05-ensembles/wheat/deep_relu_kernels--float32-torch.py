# exercise: deep_relu_kernels
# why: single precision in torch
def deep_relu_kernels(X, hidden_layers, C_b, C_W, lambda_b, lambda_W):
    X = torch.as_tensor(np.asarray(X, dtype=np.float32))
    lb = torch.as_tensor(np.asarray(lambda_b, dtype=np.float32)).expand(hidden_layers + 1)
    lw = torch.as_tensor(np.asarray(lambda_W, dtype=np.float32)).expand(hidden_layers + 1)
    G = X @ X.T / X.shape[1]
    K, T = C_b + C_W * G, lb[0] + lw[0] * G
    for l in range(hidden_layers):
        s = K.diagonal().sqrt()
        N = torch.outer(s, s)
        c = torch.clamp(K / torch.where(N > 0, N, torch.ones_like(N)), -1, 1)
        a = torch.acos(c)
        ss = N * (torch.sqrt(1 - c * c) + (torch.pi - a) * c) / (2 * torch.pi)
        K, T = C_b + C_W * ss, lb[l + 1] + lw[l + 1] * ss + C_W * (torch.pi - a) / (2 * torch.pi) * T
    return K, T
