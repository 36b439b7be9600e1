# exercise: max_stable_step
# diagnosis: the Frobenius norm
# why: default norm of NumPy
def max_stable_step(H, n):
    return 2 * n / np.linalg.norm(H)
