# exercise: relu_kappa
# diagnosis: nan just beyond ±1
# why: arccos and root of values beyond ±1
def relu_kappa(xi):
    return (2 * xi * (np.pi - np.arccos(xi)) + np.sqrt(1 - xi**2)) / np.pi
