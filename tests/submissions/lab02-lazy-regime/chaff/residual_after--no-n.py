# exercise: residual_after
# diagnosis: the factor lies twice too far from 1
# why: 1/n forgotten
def residual_after(H, r0, eta, n, steps):
    values, Q = np.linalg.eigh(H)
    return Q @ (((1 - eta * values) ** steps) * (Q.T @ r0))
