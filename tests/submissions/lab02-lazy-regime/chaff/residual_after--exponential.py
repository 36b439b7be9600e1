# exercise: residual_after
# diagnosis: the exponential
# why: gradient flow instead of steps
def residual_after(H, r0, eta, n, steps):
    values, Q = np.linalg.eigh(H)
    return Q @ ((np.exp(-eta * values * steps / n)) * (Q.T @ r0))
