# exercise: variance_by_delta
# diagnosis: scaled to length 1
# why: scales the direction
def variance_by_delta(mlp, x0, direction, deltas):
    out = []
    for delta in deltas:
        half, s = delta / 2 * direction, 0.3
        half = half / np.linalg.norm(direction)
        X = np.stack([x0 + half, x0 - half, x0 + (2 * s - 1) * half])
        K, T = kernels.nngp(X, mlp=mlp), kernels.ntk(X, mlp=mlp)
        w = np.linalg.solve(T[:2, :2], T[:2, 2])
        variance = K[2, 2] - 2 * w @ K[:2, 2] + w @ K[:2, :2] @ w
        out.append(variance)
    return np.array(out)
