# exercise: residual_after
# diagnosis: one step too many
# why: off by one
def residual_after(H, r0, eta, n, steps):
    values, Q = np.linalg.eigh(H)
    return Q @ (((1 - eta * values / n) ** (steps + 1)) * (Q.T @ r0))
