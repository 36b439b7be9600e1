# exercise: max_stable_step
# diagnosis: the smallest eigenvalue is the slowest mode
# why: λ_min
def max_stable_step(H, n):
    return 2 * n / np.linalg.eigvalsh(H)[0]
