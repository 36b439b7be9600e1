# exercise: residual_after
# why: a loop over eigenvectors
def residual_after(H, r0, eta, n, steps):
    values, vectors = np.linalg.eigh(H)
    r = np.zeros(len(r0))
    for value, q in zip(values, vectors.T):
        r = r + (1 - eta * value / n) ** steps * (q @ r0) * q
    return r
