# exercise: star_polate
# diagnosis: returned shape ()
# why: one number
def star_polate(mlp, x_plus, x_minus, y_plus, y_minus, s):
    return 0.6
