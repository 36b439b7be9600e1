# exercise: predicted_mse
# diagnosis: Σ L² without the multiplicities
# why: one scatter a level
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = learnabilities(eigs, learnability_constant(eigs, mults, n, ridge))
    return n * (np.sum((1 - L) ** 2 * coeffs**2) + noise) / (n - np.sum(L**2)) - noise
