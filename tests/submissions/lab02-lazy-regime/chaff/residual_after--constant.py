# exercise: residual_after
# diagnosis: entries are wrong
# why: zeros: everything is learned
def residual_after(H, r0, eta, n, steps):
    return np.zeros(len(r0))
