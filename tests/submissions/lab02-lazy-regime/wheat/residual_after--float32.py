# exercise: residual_after
# why: single precision
def residual_after(H, r0, eta, n, steps):
    values, Q = np.linalg.eigh(np.asarray(H, dtype=np.float32))
    factors = (np.float32(1) - np.float32(eta / n) * values) ** steps
    return Q @ (factors * (Q.T @ np.asarray(r0, dtype=np.float32)))
