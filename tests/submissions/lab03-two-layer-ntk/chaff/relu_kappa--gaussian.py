# exercise: relu_kappa
# diagnosis: every value is half of the printed formula
# why: the N(0, 1) normalisation
def relu_kappa(xi):
    xi = np.clip(xi, -1.0, 1.0)
    return (2 * xi * (np.pi - np.arccos(xi)) + np.sqrt(1 - xi**2)) / (2 * np.pi)
