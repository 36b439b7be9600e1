# exercise: growth_exponent
# diagnosis: the last two points only
# why: the local slope
def growth_exponent(ns, values):
    ns, values = np.asarray(ns, dtype=float), np.asarray(values, dtype=float)
    x, v = np.log(ns), np.log(values)
    return (v[-1] - v[-2]) / (x[-1] - x[-2])
