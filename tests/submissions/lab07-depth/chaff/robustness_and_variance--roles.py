# exercise: robustness_and_variance
# diagnosis: the roles of the two inputs are exchanged
# why: plus and minus exchanged
def robustness_and_variance(K, Theta):
    if Theta[0, 0] == 0:
        raise ValueError("nothing trained")
    c = Theta[0, 1] / Theta[1, 1]
    return c - 1, K[0, 0] - 2 * c * K[1, 0] + c * c * K[1, 1]
