# exercise: measured_learnability
# diagnosis: correlation
# why: normalised by both norms
def measured_learnability(f, f_hat):
    if not np.any(f):
        raise ValueError('no target')
    return f_hat @ f / (np.linalg.norm(f) * np.linalg.norm(f_hat, axis=-1))
