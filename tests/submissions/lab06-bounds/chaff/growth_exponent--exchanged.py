# exercise: growth_exponent
# diagnosis: the two axes are exchanged
# why: n against values
def growth_exponent(ns, values):
    ns, values = np.asarray(ns, dtype=float), np.asarray(values, dtype=float)
    x, v = np.log(ns), np.log(values)
    return np.polyfit(v, x, 1)[0]
