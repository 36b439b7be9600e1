# exercise: finite_width_ntk
# diagnosis: ⟨x, z⟩ is missing
# why: the vector x in the gradient by b is forgotten
def finite_width_ntk(a, B, X, Z):
    U, V = X @ B.T, Z @ B.T
    S, T = np.maximum(U, 0), np.maximum(V, 0)
    on, also = (U > 0) * 1.0, (V > 0) * 1.0
    m, d = B.shape
    return (S @ T.T + (on * a**2) @ also.T) / m
