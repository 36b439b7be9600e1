# exercise: residual_after
# diagnosis: it is an exponent
# why: multiplies by the number of steps
def residual_after(H, r0, eta, n, steps):
    values, Q = np.linalg.eigh(H)
    return Q @ (((1 - eta * values / n) * steps) * (Q.T @ r0))
