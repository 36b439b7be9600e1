# exercise: predicted_mse
# diagnosis: the coefficients are not squared
# why: v in place of v²
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = learnabilities(eigs, learnability_constant(eigs, mults, n, ridge))
    return n * (np.sum((1 - L) ** 2 * coeffs) + noise) / (n - np.sum(mults * L**2)) - noise
