# exercise: susceptibilities
# diagnosis: it needs the derivative
# why: sigma for sigma-prime
def susceptibilities(activation, C_W, K):
    z = np.sqrt(K) * u
    s, ds = activation.f(z), activation.derivative(z)
    return C_W / K * (w @ (z * s * ds)), C_W * (w @ s**2)
