# exercise: relu_kappa
# diagnosis: arcsin in place of arccos
# why: the wrong inverse function
def relu_kappa(xi):
    xi = np.clip(xi, -1.0, 1.0)
    return (2 * xi * (np.pi - np.arcsin(xi)) + np.sqrt(1 - xi**2)) / np.pi
