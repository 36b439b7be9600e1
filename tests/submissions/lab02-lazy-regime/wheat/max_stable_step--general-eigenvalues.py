# exercise: max_stable_step
# why: eigvals, real part, maximum
def max_stable_step(H, n):
    return 2 * n / max(v.real for v in np.linalg.eigvals(H))
