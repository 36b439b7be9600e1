# exercise: growth_exponent
# diagnosis: this is the constant of the fitted line
# why: the second coefficient
def growth_exponent(ns, values):
    ns, values = np.asarray(ns, dtype=float), np.asarray(values, dtype=float)
    x, v = np.log(ns), np.log(values)
    return np.polyfit(x, v, 1)[1]
