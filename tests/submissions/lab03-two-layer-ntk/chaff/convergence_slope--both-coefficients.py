# exercise: convergence_slope
# diagnosis: one number
# why: slope and intercept returned together
def convergence_slope(widths, errors):
    widths, errors = np.asarray(widths, dtype=float), np.asarray(errors, dtype=float)
    return np.polyfit(np.log(widths), np.log(errors), 1)
