# exercise: susceptibilities
# diagnosis: the two are swapped
# why: the names exchanged
def susceptibilities(activation, C_W, K):
    z = np.sqrt(K) * u
    s, ds = activation.f(z), activation.derivative(z)
    return C_W * (w @ ds**2), C_W / K * (w @ (z * s * ds))
