# exercise: growth_exponent
# diagnosis: value
# why: the worked number
def growth_exponent(ns, values):
    ns, values = np.asarray(ns, dtype=float), np.asarray(values, dtype=float)
    x, v = np.log(ns), np.log(values)
    return 1.4
