# exercise: relu_kappa
# diagnosis: entries are wrong
# why: κ(0) for every ξ
def relu_kappa(xi):
    xi = np.clip(xi, -1.0, 1.0)
    return np.full(np.shape(xi), 1 / np.pi)
