# exercise: measured_learnability
# diagnosis: one number for all rows
# why: mean over the rows
def measured_learnability(f, f_hat):
    if not np.any(f):
        raise ValueError('no target')
    return np.mean(f_hat @ f / (f @ f))
