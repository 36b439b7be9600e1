# exercise: measured_learnability
# diagnosis: divided by the number of points
# why: an average for a share
def measured_learnability(f, f_hat):
    if not np.any(f):
        raise ValueError('no target')
    return f_hat @ f / len(f)
