# exercise: residual_after
# diagnosis: len(H) in place of the argument n
# why: ignores n
def residual_after(H, r0, eta, n, steps):
    values, Q = np.linalg.eigh(H)
    return Q @ (((1 - eta * values / len(H)) ** steps) * (Q.T @ r0))
