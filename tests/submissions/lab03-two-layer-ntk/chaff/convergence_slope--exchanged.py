# exercise: convergence_slope
# diagnosis: the axes are exchanged
# why: polyfit with its arguments exchanged
def convergence_slope(widths, errors):
    widths, errors = np.asarray(widths, dtype=float), np.asarray(errors, dtype=float)
    return np.polyfit(np.log(errors), np.log(widths), 1)[0]
