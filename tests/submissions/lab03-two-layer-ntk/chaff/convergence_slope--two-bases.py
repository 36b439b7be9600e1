# exercise: convergence_slope
# diagnosis: two different logarithms
# why: log2 of the widths, natural log of the errors
def convergence_slope(widths, errors):
    widths, errors = np.asarray(widths, dtype=float), np.asarray(errors, dtype=float)
    return np.polyfit(np.log2(widths), np.log(errors), 1)[0]
