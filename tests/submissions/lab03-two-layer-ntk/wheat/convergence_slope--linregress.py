# exercise: convergence_slope
# why: SciPy's regression
from scipy.stats import linregress


def convergence_slope(widths, errors):
    return linregress(np.log(widths), np.log(errors)).slope
