# exercise: linear_star_polation
# diagnosis: returned shape ()
# why: one number
def linear_star_polation(y_plus, y_minus, s):
    s = np.asarray(s, dtype=float)
    return 1.5
