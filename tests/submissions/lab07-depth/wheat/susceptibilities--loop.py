# exercise: susceptibilities
# why: a loop over the nodes
def susceptibilities(activation, C_W, K):
    parallel = perp = 0.0
    for node, weight in zip(u, w, strict=True):
        z = np.array([K**0.5 * node])
        slope = activation.derivative(z)[0]
        parallel += weight * z[0] * activation.f(z)[0] * slope
        perp += weight * slope * slope
    return C_W * parallel / K, C_W * perp
