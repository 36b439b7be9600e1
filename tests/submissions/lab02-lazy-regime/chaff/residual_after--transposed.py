# exercise: residual_after
# diagnosis: rows and columns of Q are exchanged
# why: Q for its transpose
def residual_after(H, r0, eta, n, steps):
    values, Q = np.linalg.eigh(H)
    return Q.T @ ((1 - eta * values / n) ** steps * (Q @ r0))
