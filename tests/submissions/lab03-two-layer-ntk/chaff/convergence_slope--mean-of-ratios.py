# exercise: convergence_slope
# diagnosis: the line need not pass through the origin
# why: the mean of log error over log width
def convergence_slope(widths, errors):
    widths, errors = np.asarray(widths, dtype=float), np.asarray(errors, dtype=float)
    return np.mean(np.log(errors) / np.log(widths))
