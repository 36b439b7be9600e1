# exercise: relu_kappa
# diagnosis: the factor ξ is missing
# why: 2/π for 2ξ/π
def relu_kappa(xi):
    xi = np.clip(xi, -1.0, 1.0)
    return (2 * (np.pi - np.arccos(xi)) + np.sqrt(1 - xi**2)) / np.pi
