# exercise: measured_learnability
# diagnosis: the denominator is missing
# why: inner product only
def measured_learnability(f, f_hat):
    if not np.any(f):
        raise ValueError('no target')
    return f_hat @ f
