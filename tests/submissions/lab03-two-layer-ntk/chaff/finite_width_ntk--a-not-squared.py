# exercise: finite_width_ntk
# diagnosis: a enters once, not squared
# why: one feature vector only gets its factor a
def finite_width_ntk(a, B, X, Z):
    U, V = X @ B.T, Z @ B.T
    S, T = np.maximum(U, 0), np.maximum(V, 0)
    on, also = (U > 0) * 1.0, (V > 0) * 1.0
    m, d = B.shape
    return (S @ T.T + (X @ Z.T) * ((on * a) @ also.T)) / m
