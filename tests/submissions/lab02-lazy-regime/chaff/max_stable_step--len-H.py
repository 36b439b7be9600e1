# exercise: max_stable_step
# diagnosis: len(H) in place of the argument n
# why: ignores n
def max_stable_step(H, n):
    return 2 * len(H) / np.linalg.eigvalsh(H)[-1]
