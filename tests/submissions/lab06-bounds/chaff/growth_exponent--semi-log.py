# exercise: growth_exponent
# diagnosis: a logarithm of the values only
# why: one axis
def growth_exponent(ns, values):
    ns, values = np.asarray(ns, dtype=float), np.asarray(values, dtype=float)
    x, v = np.log(ns), np.log(values)
    return np.polyfit(ns, v, 1)[0]
