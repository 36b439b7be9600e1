# exercise: robustness_and_variance
# diagnosis: K in place of Θ
# why: K for Theta
def robustness_and_variance(K, Theta):
    if Theta[0, 0] == 0:
        raise ValueError("nothing trained")
    c = K[1, 0] / K[0, 0]
    return c - 1, K[1, 1] - 2 * c * K[1, 0] + c * c * K[0, 0]
