# exercise: relu_kappa
# diagnosis: nan just beyond ±1
# why: clipped for arccos only
def relu_kappa(xi):
    return (2 * xi * (np.pi - np.arccos(np.clip(xi, -1, 1))) + np.sqrt(1 - xi**2)) / np.pi
