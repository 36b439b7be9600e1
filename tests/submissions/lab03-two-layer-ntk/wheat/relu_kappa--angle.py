# exercise: relu_kappa
# why: through the angle: ξ = cos θ
def relu_kappa(xi):
    theta = np.arccos(np.maximum(np.minimum(xi, 1.0), -1.0))
    return 2 * np.cos(theta) * (1 - theta / np.pi) + np.sin(theta) / np.pi
