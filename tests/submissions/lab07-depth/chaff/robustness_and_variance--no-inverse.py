# exercise: robustness_and_variance
# diagnosis: its inverse is wanted
# why: the product, as printed
def robustness_and_variance(K, Theta):
    if Theta[0, 0] == 0:
        raise ValueError("nothing trained")
    c = Theta[1, 0] * Theta[0, 0]
    return c - 1, K[1, 1] - 2 * c * K[1, 0] + c * c * K[0, 0]
