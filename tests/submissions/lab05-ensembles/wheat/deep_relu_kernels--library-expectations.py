# exercise: deep_relu_kernels
# why: the two expectations from lab 3, now in the library
def deep_relu_kernels(X, hidden_layers, C_b, C_W, lambda_b, lambda_W):
    rates_b = lambda_b * np.ones(hidden_layers + 1)
    rates_W = lambda_W * np.ones(hidden_layers + 1)
    gram = X @ X.T / X.shape[1]
    K = C_b + C_W * gram
    Theta = rates_b[0] + rates_W[0] * gram
    relu = gaussian.activation("relu")
    for b, W in zip(rates_b[1:], rates_W[1:]):
        variances = np.diag(K).copy()
        ss, dd = gaussian.gaussian_expectations(relu, variances, K, variances)
        Theta = b + W * ss + C_W * dd * Theta
        K = C_b + C_W * ss
    return K, Theta
