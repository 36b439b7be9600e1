# exercise: growth_exponent
# diagnosis: no logarithms
# why: a straight line through the values
def growth_exponent(ns, values):
    ns, values = np.asarray(ns, dtype=float), np.asarray(values, dtype=float)
    x, v = np.log(ns), np.log(values)
    return np.polyfit(ns, values, 1)[0]
