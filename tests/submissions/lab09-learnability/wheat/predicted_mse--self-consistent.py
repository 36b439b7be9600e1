# exercise: predicted_mse
# why: error = missed + scatter + noise, iterated until it rests
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    C = learnability_constant(eigs, mults, n, ridge)
    L = np.asarray(eigs) / (np.asarray(eigs) + C)
    E = 0.0
    for _ in range(3000):
        E = np.sum((1 - L) ** 2 * np.square(coeffs)) + E * np.sum(mults * L**2) / n + noise
    return E - noise
