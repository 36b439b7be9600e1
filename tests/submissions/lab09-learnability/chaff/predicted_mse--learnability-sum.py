# exercise: predicted_mse
# diagnosis: Σ mL in place of Σ mL²
# why: Σ mL for Σ mL²: 0 below at ridge 0
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = learnabilities(eigs, learnability_constant(eigs, mults, n, ridge))
    with np.errstate(all='ignore'):
        return np.float64(n) * (np.sum((1 - L) ** 2 * coeffs**2) + noise) / np.float64(abs(round(n - np.sum(mults * L), 9))) - noise
