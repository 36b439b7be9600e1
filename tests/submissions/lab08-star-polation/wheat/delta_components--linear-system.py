# exercise: delta_components
# why: four equations in four unknowns
def delta_components(mlp, x_plus, x_minus):
    T = kernels.ntk(np.stack([x_plus, x_minus, (x_plus + x_minus) / 2]), mlp=mlp)
    equations = np.array([[1, 1, 1, 1], [1, -1, 1, 1], [1, 0, 1, -1], [1, 0, 0, 0]], dtype=float)
    solution = np.linalg.solve(equations, [T[0, 0], T[1, 1], T[0, 1], T[2, 2]])
    return dict(zip(["Theta_00", "dTheta_1", "ddTheta_0", "ddTheta_2"], solution, strict=True))
