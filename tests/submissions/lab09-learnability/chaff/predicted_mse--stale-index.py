# exercise: predicted_mse
# diagnosis: one learnability for all levels
# why: the last mode's index is left over from a loop
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = learnabilities(eigs, learnability_constant(eigs, mults, n, ridge))
    for i in range(len(L)):
        last = L[i]
    return n * ((1 - last) ** 2 * np.sum(coeffs**2) + noise) / (n - np.sum(mults * L**2)) - noise
