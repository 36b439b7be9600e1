# exercise: robustness_and_variance
# diagnosis: Θ₊₊ is 0 and the ratio has no value
# why: a zero divides
def robustness_and_variance(K, Theta):
    c = Theta[1, 0] / Theta[0, 0]
    r, var = c - 1, K[1, 1] - 2 * c * K[1, 0] + c * c * K[0, 0]
    return r, var
