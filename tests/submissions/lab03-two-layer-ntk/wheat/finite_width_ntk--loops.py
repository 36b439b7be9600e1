# exercise: finite_width_ntk
# why: loops over pairs and units
def finite_width_ntk(a, B, X, Z):
    kernel = np.zeros((len(X), len(Z)))
    for j, x in enumerate(X):
        for l, z in enumerate(Z):
            for a_i, b_i in zip(a, B):
                u, v = b_i @ x, b_i @ z
                if u > 0 and v > 0:
                    kernel[j, l] += u * v + a_i**2 * (x @ z)
    return kernel / len(a)
