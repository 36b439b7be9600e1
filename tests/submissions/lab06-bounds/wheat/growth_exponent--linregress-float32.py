# exercise: growth_exponent
# why: SciPy, and a float32 answer
from scipy.stats import linregress


def growth_exponent(ns, values):
    return np.float32(linregress(np.log(ns), np.log(values)).slope)
