# exercise: residual_after
# why: repeated squaring of I − ηH/n
def residual_after(H, r0, eta, n, steps):
    return np.linalg.matrix_power(np.eye(len(H)) - eta / n * H, steps) @ r0
