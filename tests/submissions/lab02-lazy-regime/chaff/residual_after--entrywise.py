# exercise: residual_after
# diagnosis: a matrix power is asked
# why: ** on the matrix acts on entries
def residual_after(H, r0, eta, n, steps):
    return (np.eye(len(H)) - eta * H / n) ** steps @ r0
