# exercise: residual_after
# diagnosis: the step goes against the gradient
# why: 1 + ηλ/n
def residual_after(H, r0, eta, n, steps):
    values, Q = np.linalg.eigh(H)
    return Q @ (((1 + eta * values / n) ** steps) * (Q.T @ r0))
