# exercise: susceptibilities
# why: chi_parallel as the slope of K -> C_W <s s>, by Hermite: <s s (z^2 - K)> / 2 K^2
def susceptibilities(activation, C_W, K):
    z = np.sqrt(K) * u
    parallel = C_W / (2 * K**2) * np.sum(w * activation.f(z) ** 2 * (z**2 - K))
    return np.array(parallel), np.array(C_W * np.einsum("i,i,i", w, activation.derivative(z), activation.derivative(z)))
