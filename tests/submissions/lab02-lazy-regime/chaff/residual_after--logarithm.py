# exercise: residual_after
# diagnosis: raise it to a power, its logarithm does not exist
# why: a power by exp and log
def residual_after(H, r0, eta, n, steps):
    values, Q = np.linalg.eigh(H)
    return Q @ (np.exp(steps * np.log(1 - eta * values / n)) * (Q.T @ r0))
