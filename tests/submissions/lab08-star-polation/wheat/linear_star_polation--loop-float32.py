# exercise: linear_star_polation
# why: a loop, in single precision
def linear_star_polation(y_plus, y_minus, s):
    s = np.asarray(s, dtype=np.float32)
    out = np.empty_like(s)
    for place in np.ndindex(s.shape):
        out[place] = s[place] * y_plus + (1 - s[place]) * y_minus
    return out
