# exercise: variance_by_delta
# why: as the length of a vector, rounded to single precision
def variance_by_delta(mlp, x0, direction, deltas):
    def one(delta):
        X = x0 + np.outer([1, -1, -0.4], delta / 2 * direction)
        K, T = kernels.nngp_and_ntk(X, mlp=mlp)
        det = T[0, 0] * T[1, 1] - T[0, 1] ** 2
        plus = (T[1, 1] * T[2, 0] - T[0, 1] * T[2, 1]) / det
        minus = (T[0, 0] * T[2, 1] - T[0, 1] * T[2, 0]) / det
        q = np.array([-plus, -minus, 1.0])
        return np.einsum("i,ij,j->", q, K, q)

    return np.array([one(delta) for delta in deltas], dtype=np.float32)
