# exercise: finite_width_ntk
# diagnosis: σ is missing
# why: a linear network
def finite_width_ntk(a, B, X, Z):
    U, V = X @ B.T, Z @ B.T
    S, T = np.maximum(U, 0), np.maximum(V, 0)
    on, also = (U > 0) * 1.0, (V > 0) * 1.0
    m, d = B.shape
    return (U @ V.T + (X @ Z.T) * (a @ a)) / m
