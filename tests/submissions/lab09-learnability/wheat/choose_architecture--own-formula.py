# exercise: choose_architecture
# why: error written out, NumPy integer back
def choose_architecture(spectra, coeffs, n):
    errors = np.full(len(spectra), np.inf)
    for i, (eigs, mults) in enumerate(spectra):
        if mults[eigs > 0].sum() < n:
            continue
        C = learnability_constant(eigs, mults, n)
        missed = C / (eigs + C)
        errors[i] = (missed**2 @ coeffs**2) / (1 - mults @ (1 - missed) ** 2 / n)
    if not np.isfinite(errors).any():
        raise ValueError("none fits")
    return errors.argmin()
