# exercise: susceptibilities
# diagnosis: value
# why: an odd grid
def susceptibilities(activation, C_W, K):
    nodes, weights = np.polynomial.hermite_e.hermegauss(61)
    weights = weights / weights.sum()
    z = np.sqrt(K) * nodes
    s, ds = activation.f(z), activation.derivative(z)
    return C_W / K * (weights @ (z * s * ds)), C_W * (weights @ ds**2)
