# exercise: susceptibilities
# diagnosis: C_W is missing
# why: the variance of the weights forgotten
def susceptibilities(activation, C_W, K):
    z = np.sqrt(K) * u
    s, ds = activation.f(z), activation.derivative(z)
    return w @ (z * s * ds) / K, w @ ds**2
