# exercise: measured_learnability
# diagnosis: R²
# why: coefficient of determination
def measured_learnability(f, f_hat):
    if not np.any(f):
        raise ValueError('no target')
    return 1 - np.sum((f - f_hat) ** 2, axis=-1) / np.sum((f - f.mean()) ** 2)
