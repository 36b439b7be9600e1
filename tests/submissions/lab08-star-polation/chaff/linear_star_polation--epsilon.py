# exercise: linear_star_polation
# diagnosis: wrong run
# why: takes s for ε
def linear_star_polation(y_plus, y_minus, s):
    s = np.asarray(s, dtype=float)
    return (y_plus + y_minus) / 2 + s * (y_plus - y_minus) / 2
