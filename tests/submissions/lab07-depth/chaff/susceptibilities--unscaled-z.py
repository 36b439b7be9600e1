# exercise: susceptibilities
# diagnosis: the z in χ∥ is the standard normal u
# why: the standard normal in front
def susceptibilities(activation, C_W, K):
    z = np.sqrt(K) * u
    s, ds = activation.f(z), activation.derivative(z)
    return C_W / K * (w @ (u * s * ds)), C_W * (w @ ds**2)
