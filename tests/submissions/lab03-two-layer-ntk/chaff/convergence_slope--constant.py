# exercise: convergence_slope
# diagnosis: wrong value
# why: what theory says, without looking at the data
def convergence_slope(widths, errors):
    widths, errors = np.asarray(widths, dtype=float), np.asarray(errors, dtype=float)
    return -0.5
