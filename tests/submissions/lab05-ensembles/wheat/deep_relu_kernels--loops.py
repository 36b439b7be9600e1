# exercise: deep_relu_kernels
# why: one pair of inputs at a time, numbers only
import math


def deep_relu_kernels(X, hidden_layers, C_b, C_W, lambda_b, lambda_W):
    n, d = X.shape
    L = hidden_layers + 1
    lb = [float(lambda_b)] * L if np.ndim(lambda_b) == 0 else list(lambda_b)
    lw = [float(lambda_W)] * L if np.ndim(lambda_W) == 0 else list(lambda_W)
    K, Theta = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            dots = [sum(a * b for a, b in zip(X[p], X[q])) / d for p, q in ((i, i), (i, j), (j, j))]
            kxx, kxz, kzz = (C_b + C_W * v for v in dots)
            theta = lb[0] + lw[0] * dots[1]
            for l in range(1, L):
                r = math.sqrt(kxx * kzz)
                cos = max(-1.0, min(1.0, kxz / r)) if r > 0 else 1.0
                angle = 0.0 if i == j else math.acos(cos)
                ss = r * (math.sin(angle) + (math.pi - angle) * math.cos(angle)) / (2 * math.pi)
                dd = (math.pi - angle) / (2 * math.pi)
                theta = lb[l] + lw[l] * ss + C_W * dd * theta
                kxx, kxz, kzz = C_b + C_W * kxx / 2, C_b + C_W * ss, C_b + C_W * kzz / 2
            K[i, j], Theta[i, j] = kxz, theta
    return K, Theta
