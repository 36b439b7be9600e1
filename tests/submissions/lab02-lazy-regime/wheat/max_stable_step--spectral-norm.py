# exercise: max_stable_step
# why: the 2-norm of a positive semi-definite matrix
def max_stable_step(H, n):
    return 2 * n / np.linalg.norm(H, 2)
