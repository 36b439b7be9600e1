# exercise: linear_star_polation
# diagnosis: clipped
# why: thinks of interpolation only
def linear_star_polation(y_plus, y_minus, s):
    s = np.asarray(s, dtype=float)
    return np.interp(s, [0, 1], [y_minus, y_plus])
