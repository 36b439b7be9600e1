# exercise: linear_star_polation
# why: a point and a slope
def linear_star_polation(y_plus, y_minus, s):
    return y_minus + np.asarray(s) * (y_plus - y_minus)
