# exercise: convergence_slope
# diagnosis: log of the errors only
# why: a semi-logarithmic fit
def convergence_slope(widths, errors):
    widths, errors = np.asarray(widths, dtype=float), np.asarray(errors, dtype=float)
    return np.polyfit(widths, np.log(errors), 1)[0]
