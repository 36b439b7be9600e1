# exercise: residual_after
# diagnosis: these are coefficients along the eigenvectors
# why: not turned back
def residual_after(H, r0, eta, n, steps):
    values, Q = np.linalg.eigh(H)
    return (1 - eta * values / n) ** steps * (Q.T @ r0)
