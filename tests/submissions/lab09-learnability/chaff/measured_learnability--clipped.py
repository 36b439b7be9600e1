# exercise: measured_learnability
# diagnosis: clipped to [0, 1]
# why: kept between 0 and 1
def measured_learnability(f, f_hat):
    if not np.any(f):
        raise ValueError('no target')
    return np.clip(f_hat @ f / (f @ f), 0, 1)
