# exercise: convergence_slope
# diagnosis: no logarithms
# why: a straight line through raw numbers
def convergence_slope(widths, errors):
    widths, errors = np.asarray(widths, dtype=float), np.asarray(errors, dtype=float)
    return np.polyfit(widths, errors, 1)[0]
