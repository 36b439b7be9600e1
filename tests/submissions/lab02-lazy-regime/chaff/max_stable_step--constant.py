# exercise: max_stable_step
# diagnosis: wrong value
# why: one step for all
def max_stable_step(H, n):
    return 0.1
