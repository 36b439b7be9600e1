# exercise: predicted_mse
# diagnosis: L² in place of (1 − L)²
# why: what is learned
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = learnabilities(eigs, learnability_constant(eigs, mults, n, ridge))
    return n * (np.sum(L**2 * coeffs**2) + noise) / (n - np.sum(mults * L**2)) - noise
