# exercise: measured_learnability
# diagnosis: 1 − error/power
# why: the error is not only in the target's mode
def measured_learnability(f, f_hat):
    if not np.any(f):
        raise ValueError('no target')
    return 1 - np.sum((f - f_hat) ** 2, axis=-1) / (f @ f)
