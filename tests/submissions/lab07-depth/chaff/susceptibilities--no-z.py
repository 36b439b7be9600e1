# exercise: susceptibilities
# diagnosis: χ∥ lacks the factor z
# why: sigma sigma-prime without z
def susceptibilities(activation, C_W, K):
    z = np.sqrt(K) * u
    s, ds = activation.f(z), activation.derivative(z)
    return C_W / K * (w @ (s * ds)), C_W * (w @ ds**2)
