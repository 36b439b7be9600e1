# exercise: convergence_slope
# diagnosis: the sign is wrong
# why: the rate reported as a positive number
def convergence_slope(widths, errors):
    widths, errors = np.asarray(widths, dtype=float), np.asarray(errors, dtype=float)
    return -np.polyfit(np.log(widths), np.log(errors), 1)[0]
