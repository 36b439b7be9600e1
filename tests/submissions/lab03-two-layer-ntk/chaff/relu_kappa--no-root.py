# exercise: relu_kappa
# diagnosis: the root over 1 − ξ² is missing
# why: the square root forgotten
def relu_kappa(xi):
    xi = np.clip(xi, -1.0, 1.0)
    return (2 * xi * (np.pi - np.arccos(xi)) + 1 - xi**2) / np.pi
