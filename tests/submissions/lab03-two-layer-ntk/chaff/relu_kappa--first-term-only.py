# exercise: relu_kappa
# diagnosis: only the first term
# why: the second term left out
def relu_kappa(xi):
    xi = np.clip(xi, -1.0, 1.0)
    return 2 * xi * (np.pi - np.arccos(xi)) / np.pi
