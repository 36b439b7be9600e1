# exercise: predicted_mse
# why: n − ΣmL² as Σ mL(1 − L) + δ/C
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    C = learnability_constant(eigs, mults, n, ridge)
    missed = C / (eigs + C)
    room = mults @ ((1 - missed) * missed) + ridge / C
    return n / room * (missed**2 @ np.square(coeffs) + noise) - noise
