# exercise: max_stable_step
# diagnosis: a root too many
# why: a root too many
def max_stable_step(H, n):
    return 2 * n / np.sqrt(np.linalg.eigvalsh(H)[-1])
