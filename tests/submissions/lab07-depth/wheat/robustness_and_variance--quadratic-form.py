# exercise: robustness_and_variance
# why: the variance as a quadratic form
def robustness_and_variance(K, Theta):
    if not Theta[0, 0] > 0:
        raise ValueError("Theta_++ must be positive")
    row = np.array([-Theta[0, 1] / Theta[0, 0], 1.0])
    return -row[0] - 1, row @ K @ row
