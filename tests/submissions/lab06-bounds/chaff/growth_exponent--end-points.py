# exercise: growth_exponent
# diagnosis: the slope between the first and the last point
# why: two points only
def growth_exponent(ns, values):
    ns, values = np.asarray(ns, dtype=float), np.asarray(values, dtype=float)
    x, v = np.log(ns), np.log(values)
    return (v[-1] - v[0]) / (x[-1] - x[0])
