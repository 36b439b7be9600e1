# exercise: predicted_mse
# diagnosis: v² multiplied by the multiplicities
# why: a level's power counted for each mode
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = learnabilities(eigs, learnability_constant(eigs, mults, n, ridge))
    return n * (np.sum(mults * (1 - L) ** 2 * coeffs**2) + noise) / (n - np.sum(mults * L**2)) - noise
