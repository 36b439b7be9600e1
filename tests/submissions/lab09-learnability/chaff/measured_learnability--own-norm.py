# exercise: measured_learnability
# diagnosis: divided by ⟨f̂, f̂⟩
# why: the wrong denominator
def measured_learnability(f, f_hat):
    if not np.any(f):
        raise ValueError('no target')
    return f_hat @ f / np.sum(f_hat**2, axis=-1)
