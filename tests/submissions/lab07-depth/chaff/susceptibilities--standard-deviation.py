# exercise: susceptibilities
# diagnosis: K is taken as a standard deviation
# why: K for a standard deviation
def susceptibilities(activation, C_W, K):
    z = K * u
    s, ds = activation.f(z), activation.derivative(z)
    return C_W / K * (w @ (z * s * ds)), C_W * (w @ ds**2)
