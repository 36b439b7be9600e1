# exercise: growth_exponent
# why: least squares with a column of ones
def growth_exponent(ns, values):
    A = np.column_stack([np.log2(ns), np.ones(len(ns))])
    return np.linalg.lstsq(A, np.log2(values), rcond=None)[0][0]
