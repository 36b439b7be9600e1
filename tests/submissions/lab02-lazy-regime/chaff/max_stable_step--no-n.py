# exercise: max_stable_step
# diagnosis: n is missing
# why: the sum loss
def max_stable_step(H, n):
    return 2 / np.linalg.eigvalsh(H)[-1]
