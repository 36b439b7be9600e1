# exercise: susceptibilities
# diagnosis: mind the ½
# why: by the Hermite form without its half
def susceptibilities(activation, C_W, K):
    z = np.sqrt(K) * u
    s, ds = activation.f(z), activation.derivative(z)
    return C_W / K**2 * (w @ (s * s * (z**2 - K))), C_W * (w @ ds**2)
