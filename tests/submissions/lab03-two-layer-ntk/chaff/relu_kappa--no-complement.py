# exercise: relu_kappa
# diagnosis: arccos ξ where π − arccos ξ belongs
# why: the complement forgotten
def relu_kappa(xi):
    xi = np.clip(xi, -1.0, 1.0)
    return (2 * xi * np.arccos(xi) + np.sqrt(1 - xi**2)) / np.pi
