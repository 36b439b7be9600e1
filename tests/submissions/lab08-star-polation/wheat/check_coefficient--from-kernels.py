# exercise: check_coefficient
# why: from kernel values alone
def check_coefficient(mlp, x0, direction, deltas):
    out = []
    for delta in deltas:
        v = delta / 2 * direction
        X = np.stack([x0 + v, x0 - v, x0, x0 - 0.4 * v])
        T = kernels.ntk(X, mlp=mlp)
        bend = np.linalg.solve(T[:2, :2], T[:2, 3] - 0.3 * T[:2, 0] - 0.7 * T[:2, 1]).sum()
        zeroth = T[:2, :2].mean() - T[2, 2]
        out.append(-bend / (8 * 0.21 * zeroth / T[2, 2]))
    return np.array(out)
