# exercise: robustness_and_variance
# diagnosis: the 2 is missing in the middle term
# why: no factor 2
def robustness_and_variance(K, Theta):
    if Theta[0, 0] == 0:
        raise ValueError("nothing trained")
    c = Theta[1, 0] / Theta[0, 0]
    r, var = c - 1, K[1, 1] - 2 * c * K[1, 0] + c * c * K[0, 0]
    return r, K[1, 1] - c * K[1, 0] + c**2 * K[0, 0]
