# exercise: ntk_features_1d
# why: plain loops over inputs and units, a list of lists
def ntk_features_1d(a, b, x):
    m = len(a)
    rows = []
    for value in x:
        by_a = [max(b[i] * value, 0.0) / m**0.5 for i in range(m)]
        by_b = [a[i] * value / m**0.5 if b[i] * value > 0 else 0.0 for i in range(m)]
        rows.append(by_a + by_b)
    return np.array(rows)
