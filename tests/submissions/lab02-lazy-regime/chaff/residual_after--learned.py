# exercise: residual_after
# diagnosis: this is how much was learned
# why: r0 minus the residual
def residual_after(H, r0, eta, n, steps):
    values, Q = np.linalg.eigh(H)
    return r0 - Q @ ((1 - eta * values / n) ** steps * (Q.T @ r0))
