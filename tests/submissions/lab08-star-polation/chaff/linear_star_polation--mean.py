# exercise: linear_star_polation
# diagnosis: mean of the targets
# why: the mean of both
def linear_star_polation(y_plus, y_minus, s):
    s = np.asarray(s, dtype=float)
    return np.full(s.shape, (y_plus + y_minus) / 2)
