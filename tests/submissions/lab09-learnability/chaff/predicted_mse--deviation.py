# exercise: predicted_mse
# diagnosis: the noise is taken for a standard deviation
# why: squared again
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = learnabilities(eigs, learnability_constant(eigs, mults, n, ridge))
    return n * (np.sum((1 - L) ** 2 * coeffs**2) + noise**2) / (n - np.sum(mults * L**2)) - noise**2
