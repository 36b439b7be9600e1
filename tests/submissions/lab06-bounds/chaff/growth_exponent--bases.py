# exercise: growth_exponent
# diagnosis: two different bases
# why: log and log10
def growth_exponent(ns, values):
    ns, values = np.asarray(ns, dtype=float), np.asarray(values, dtype=float)
    x, v = np.log(ns), np.log(values)
    return np.polyfit(np.log10(ns), v, 1)[0]
