# exercise: growth_exponent
# diagnosis: the values are divided by n first
# why: takes the measure
def growth_exponent(ns, values):
    ns, values = np.asarray(ns, dtype=float), np.asarray(values, dtype=float)
    x, v = np.log(ns), np.log(values)
    return np.polyfit(x, v, 1)[0] - 1
