# exercise: susceptibilities
# diagnosis: the weights of the grid
# why: weights that sum to the root of two pi
def susceptibilities(activation, C_W, K):
    z = np.sqrt(K) * u
    s, ds = activation.f(z), activation.derivative(z)
    return C_W / K * np.sqrt(2 * np.pi) * (w @ (z * s * ds)), C_W * np.sqrt(2 * np.pi) * (w @ ds**2)
