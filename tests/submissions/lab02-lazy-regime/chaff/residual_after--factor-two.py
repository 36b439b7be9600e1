# exercise: residual_after
# diagnosis: the factor lies twice too far from 1
# why: the step for a loss without the half
def residual_after(H, r0, eta, n, steps):
    values, Q = np.linalg.eigh(H)
    return Q @ (((1 - 2 * eta * values / n) ** steps) * (Q.T @ r0))
