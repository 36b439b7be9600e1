# exercise: growth_exponent
# diagnosis: the line runs through the origin
# why: no constant
def growth_exponent(ns, values):
    ns, values = np.asarray(ns, dtype=float), np.asarray(values, dtype=float)
    x, v = np.log(ns), np.log(values)
    return x @ v / (x @ x)
