# exercise: max_stable_step
# diagnosis: half of it
# why: n over the largest eigenvalue
def max_stable_step(H, n):
    return n / np.linalg.eigvalsh(H)[-1]
