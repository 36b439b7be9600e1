# exercise: susceptibilities
# diagnosis: the mean of the square is wanted
# why: the mean first
def susceptibilities(activation, C_W, K):
    z = np.sqrt(K) * u
    s, ds = activation.f(z), activation.derivative(z)
    return C_W / K * (w @ (z * s * ds)), C_W * (w @ ds) ** 2
