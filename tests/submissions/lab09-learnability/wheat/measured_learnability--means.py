# exercise: measured_learnability
# why: averages over the points in place of sums
def measured_learnability(f, f_hat):
    if np.mean(np.square(f)) == 0:
        raise ValueError("no target")
    return np.mean(f * f_hat, axis=-1) / np.mean(f**2)
