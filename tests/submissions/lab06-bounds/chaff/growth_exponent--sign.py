# exercise: growth_exponent
# diagnosis: the sign is turned
# why: a falling law expected
def growth_exponent(ns, values):
    ns, values = np.asarray(ns, dtype=float), np.asarray(values, dtype=float)
    x, v = np.log(ns), np.log(values)
    return -np.polyfit(x, v, 1)[0]
