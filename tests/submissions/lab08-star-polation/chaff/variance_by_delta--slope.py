# exercise: variance_by_delta
# diagnosis: slope
# why: the order
def variance_by_delta(mlp, x0, direction, deltas):
    out = []
    for delta in deltas:
        X = np.stack([x0 + delta / 2 * direction, x0 - delta / 2 * direction, x0 - 0.2 * delta * direction])
        K, T = kernels.nngp(X, mlp=mlp), kernels.ntk(X, mlp=mlp)
        q = np.append(-np.linalg.solve(T[:2, :2], T[:2, 2]), 1.0)
        out.append(q @ K @ q)
    return np.polyfit(np.log(deltas), np.log(np.maximum(out, 1e-30)), 1)[0]
