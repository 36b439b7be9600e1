# exercise: measured_learnability
# why: rows in a loop, single precision
def measured_learnability(f, f_hat):
    f, f_hat = np.asarray(f, dtype=np.float32), np.asarray(f_hat, dtype=np.float32)
    power = sum(value * value for value in f)
    if power == 0:
        raise ValueError("no target")
    if f_hat.ndim == 1:
        return sum(a * b for a, b in zip(f, f_hat)) / power
    return np.array([sum(a * b for a, b in zip(f, row)) / power for row in f_hat], dtype=np.float32)
