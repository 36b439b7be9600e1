# exercise: susceptibilities
# diagnosis: χ∥ lacks its 1/K
# why: the prefactor forgotten
def susceptibilities(activation, C_W, K):
    z = np.sqrt(K) * u
    s, ds = activation.f(z), activation.derivative(z)
    return C_W * (w @ (z * s * ds)), C_W * (w @ ds**2)
