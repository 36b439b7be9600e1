# exercise: predicted_mse
# diagnosis: the noise is ignored
# why: clean labels
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = learnabilities(eigs, learnability_constant(eigs, mults, n, ridge))
    return n * np.sum((1 - L) ** 2 * coeffs**2) / (n - np.sum(mults * L**2))
