# exercise: residual_after
# diagnosis: one step only
# why: the exponent is missing
def residual_after(H, r0, eta, n, steps):
    values, Q = np.linalg.eigh(H)
    return Q @ ((1 - eta * values / n) * (Q.T @ r0))
