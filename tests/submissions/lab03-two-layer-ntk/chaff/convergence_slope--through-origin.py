# exercise: convergence_slope
# diagnosis: forced through the origin
# why: a fit without intercept
def convergence_slope(widths, errors):
    widths, errors = np.asarray(widths, dtype=float), np.asarray(errors, dtype=float)
    return np.linalg.lstsq(np.log(widths)[:, None], np.log(errors), rcond=None)[0][0]
