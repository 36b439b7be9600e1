# exercise: growth_exponent
# why: sums by hand, base 10
def growth_exponent(ns, values):
    x, v = np.log10(ns), np.log10(values)
    return sum((x - x.mean()) * v) / sum((x - x.mean()) ** 2)
