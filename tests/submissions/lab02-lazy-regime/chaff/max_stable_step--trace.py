# exercise: max_stable_step
# diagnosis: the trace is the sum
# why: trace for the largest eigenvalue
def max_stable_step(H, n):
    return 2 * n / np.trace(H)
