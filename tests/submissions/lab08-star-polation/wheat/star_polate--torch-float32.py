# exercise: star_polate
# why: kernels in single precision
def star_polate(mlp, x_plus, x_minus, y_plus, y_minus, s):
    s = np.asarray(s, dtype=np.float32)
    ends = np.stack([x_plus, x_minus]).astype(np.float32)
    places = s.reshape(-1, 1)
    T = kernels.ntk(ends, mlp=mlp)
    exact = kernels.ntk(np.stack([x_plus, x_minus]), mlp=mlp)
    if not exact[0, 0] * exact[1, 1] - exact[0, 1] ** 2 > 1e-12 * exact[0, 0] * exact[1, 1]:
        raise ValueError("singular")
    cross = kernels.ntk(places * ends[0] + (1 - places) * ends[1], ends, mlp=mlp)
    return (cross @ np.linalg.solve(T, np.array([y_plus, y_minus], dtype=np.float32))).reshape(s.shape)
