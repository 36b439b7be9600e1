# exercise: predicted_mse
# why: level by level
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    C = learnability_constant(eigs, mults, n, ridge)
    missed, spread = noise, 0.0
    for value, modes, v in zip(eigs, mults, coeffs):
        L = value / (value + C)
        missed += (1 - L) ** 2 * v**2
        spread += modes * L**2
    return missed / (1 - spread / n) - noise
