# exercise: linear_star_polation
# diagnosis: swapped
# why: takes s for the way from x₊
def linear_star_polation(y_plus, y_minus, s):
    s = np.asarray(s, dtype=float)
    return (1 - s) * y_plus + s * y_minus
