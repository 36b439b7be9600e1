# exercise: predicted_mse
# diagnosis: the ridge is ignored
# why: ridge not passed on
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = learnabilities(eigs, learnability_constant(eigs, mults, n))
    return n * (np.sum((1 - L) ** 2 * coeffs**2) + noise) / (n - np.sum(mults * L**2)) - noise
