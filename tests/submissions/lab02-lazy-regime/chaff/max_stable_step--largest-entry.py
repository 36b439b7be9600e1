# exercise: max_stable_step
# diagnosis: the largest entry
# why: max of the matrix
def max_stable_step(H, n):
    return 2 * n / H.max()
