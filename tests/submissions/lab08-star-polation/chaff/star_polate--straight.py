# exercise: star_polate
# diagnosis: straight line
# why: the line for every network
def star_polate(mlp, x_plus, x_minus, y_plus, y_minus, s):
    return np.asarray(s) * y_plus + (1 - np.asarray(s)) * y_minus
