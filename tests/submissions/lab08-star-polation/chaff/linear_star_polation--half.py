# exercise: linear_star_polation
# diagnosis: part of y₋ is missing
# why: forgets the other end
def linear_star_polation(y_plus, y_minus, s):
    s = np.asarray(s, dtype=float)
    return s * y_plus
