# exercise: convergence_slope
# why: the formula of hint 2
def convergence_slope(widths, errors):
    x, y = np.log10(np.asarray(widths, dtype=float)), np.log10(np.asarray(errors, dtype=float))
    x = x - x.mean()
    return (x * y).sum() / (x**2).sum()
