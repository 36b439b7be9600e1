# exercise: convergence_slope
# why: a design matrix with a column of ones
def convergence_slope(widths, errors):
    x = np.log2(widths)
    design = np.column_stack([np.ones(len(x)), x])
    return np.linalg.lstsq(design, np.log2(errors), rcond=None)[0][1]
