# exercise: predicted_mse
# diagnosis: the factor n/(n − Σ mL²) is missing
# why: what is missed on average only
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = learnabilities(eigs, learnability_constant(eigs, mults, n, ridge))
    return np.sum((1 - L) ** 2 * coeffs**2)
