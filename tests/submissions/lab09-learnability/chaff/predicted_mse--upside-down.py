# exercise: predicted_mse
# diagnosis: the factor is upside down
# why: (n − ΣmL²)/n
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = learnabilities(eigs, learnability_constant(eigs, mults, n, ridge))
    return (n - np.sum(mults * L**2)) * (np.sum((1 - L) ** 2 * coeffs**2) + noise) / n - noise
