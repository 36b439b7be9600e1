# exercise: star_polate
# diagnosis: clipped
# why: thinks of interpolation only
def star_polate(mlp, x_plus, x_minus, y_plus, y_minus, s):
    ends, y = np.stack([x_plus, x_minus]), np.array([y_plus, y_minus])
    s = np.asarray(s, dtype=float)
    kernel, places, check = kernels.ntk, s.reshape(-1, 1), True
    inverse = np.linalg.inv
    places = np.clip(places, 0, 1)
    Theta = kernel(ends, mlp=mlp)
    if check and not np.linalg.det(Theta) > 1e-12 * Theta[0, 0] * Theta[1, 1]:
        raise ValueError("singular")
    cross = kernel(places * x_plus + (1 - places) * x_minus, ends, mlp=mlp)
    return (cross @ inverse(Theta) @ y).reshape(s.shape)
