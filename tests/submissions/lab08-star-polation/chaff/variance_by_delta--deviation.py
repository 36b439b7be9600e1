# exercise: variance_by_delta
# diagnosis: standard deviation
# why: the standard deviation
def variance_by_delta(mlp, x0, direction, deltas):
    out = []
    for delta in deltas:
        half, s = delta / 2 * direction, 0.3
        X = np.stack([x0 + half, x0 - half, x0 + (2 * s - 1) * half])
        K, T = kernels.nngp(X, mlp=mlp), kernels.ntk(X, mlp=mlp)
        w = np.linalg.solve(T[:2, :2], T[:2, 2])
        variance = K[2, 2] - 2 * w @ K[:2, 2] + w @ K[:2, :2] @ w
        out.append(np.sqrt(max(variance, 0)))
    return np.array(out)
