# exercise: relu_kappa
# diagnosis: the first term has lost its 2
# why: ξ/π for 2ξ/π: κ(1) = 1 looks right
def relu_kappa(xi):
    xi = np.clip(xi, -1.0, 1.0)
    return (xi * (np.pi - np.arccos(xi)) + np.sqrt(1 - xi**2)) / np.pi
