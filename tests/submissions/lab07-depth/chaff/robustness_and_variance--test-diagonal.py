# exercise: robustness_and_variance
# diagnosis: Θ₋₋ in place of Θ₊₊
# why: Theta at the test input
def robustness_and_variance(K, Theta):
    if Theta[0, 0] == 0:
        raise ValueError("nothing trained")
    c = Theta[1, 0] / Theta[1, 1]
    return c - 1, K[1, 1] - 2 * c * K[1, 0] + c * c * K[0, 0]
