# exercise: star_polate
# why: numpy's solver
def star_polate(mlp, x_plus, x_minus, y_plus, y_minus, s):
    ends = np.stack([x_plus, x_minus])
    s = np.asarray(s, dtype=float)
    line = s.reshape(-1, 1) * x_plus + (1 - s.reshape(-1, 1)) * x_minus
    Theta = kernels.ntk(ends, mlp=mlp)
    if np.linalg.det(Theta) <= 1e-12 * Theta[0, 0] * Theta[1, 1]:
        raise ValueError("singular")
    coefficients = np.linalg.solve(Theta, np.array([y_plus, y_minus]))
    return (kernels.ntk(line, ends, mlp=mlp) @ coefficients).reshape(s.shape)
