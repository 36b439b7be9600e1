# exercise: predicted_mse
# diagnosis: the root of the error
# why: root mean square
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = learnabilities(eigs, learnability_constant(eigs, mults, n, ridge))
    return np.sqrt(n * (np.sum((1 - L) ** 2 * coeffs**2) + noise) / (n - np.sum(mults * L**2)) - noise)
