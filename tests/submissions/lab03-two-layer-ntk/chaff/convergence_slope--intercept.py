# exercise: convergence_slope
# diagnosis: this is the intercept
# why: the wrong one of polyfit's two numbers
def convergence_slope(widths, errors):
    widths, errors = np.asarray(widths, dtype=float), np.asarray(errors, dtype=float)
    return np.polyfit(np.log(widths), np.log(errors), 1)[1]
