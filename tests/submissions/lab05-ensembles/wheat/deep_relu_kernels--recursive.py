# exercise: deep_relu_kernels
# why: a function that calls itself for the layers below
def deep_relu_kernels(X, hidden_layers, C_b, C_W, lambda_b, lambda_W):
    lb, lw = np.broadcast_to(lambda_b, hidden_layers + 1), np.broadcast_to(lambda_W, hidden_layers + 1)
    if hidden_layers == 0:
        inner = np.einsum("id,jd->ij", X, X) / X.shape[1]
        return C_b + C_W * inner, lb[0] + lw[0] * inner
    K, Theta = deep_relu_kernels(X, hidden_layers - 1, C_b, C_W, lb[:-1], lw[:-1])
    q = np.diagonal(K)
    norms = np.sqrt(q[:, None] * q[None, :])
    with np.errstate(invalid="ignore"):
        angle = np.arccos(np.clip(np.nan_to_num(K / norms), -1, 1))
    share = 0.5 - angle / (2 * np.pi)
    product = norms * (np.sin(angle) / (2 * np.pi) + share * np.cos(angle))
    return C_b + C_W * product, lb[-1] + lw[-1] * product + C_W * share * Theta
