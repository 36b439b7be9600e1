# exercise: max_stable_step
# diagnosis: the loss has a ½
# why: 4n over the largest eigenvalue
def max_stable_step(H, n):
    return 4 * n / np.linalg.eigvalsh(H)[-1]
