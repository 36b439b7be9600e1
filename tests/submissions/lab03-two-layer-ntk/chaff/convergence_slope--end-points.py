# exercise: convergence_slope
# diagnosis: only the first and the last point
# why: two points instead of a fit
def convergence_slope(widths, errors):
    widths, errors = np.asarray(widths, dtype=float), np.asarray(errors, dtype=float)
    return np.log(errors[-1] / errors[0]) / np.log(widths[-1] / widths[0])
