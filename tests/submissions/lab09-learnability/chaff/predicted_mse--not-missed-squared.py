# exercise: predicted_mse
# diagnosis: 1 − L is not squared
# why: linear in what is missed
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = learnabilities(eigs, learnability_constant(eigs, mults, n, ridge))
    return n * (np.sum((1 - L) * coeffs**2) + noise) / (n - np.sum(mults * L**2)) - noise
