# exercise: measured_learnability
# diagnosis: squared: a share of the target
# why: cosine squared
def measured_learnability(f, f_hat):
    if not np.any(f):
        raise ValueError('no target')
    return (f_hat @ f) ** 2 / (f @ f * np.sum(f_hat**2, axis=-1))
