# exercise: choose_architecture
# diagnosis: the coefficients are not squared
# why: root of the coefficients
def choose_architecture(spectra, coeffs, n):
    able = [i for i, (eigs, mults) in enumerate(spectra) if np.sum(mults[eigs > 0]) >= n]
    if not able:
        raise ValueError("none fits")

    def score(i):
        eigs, mults = spectra[i]
        C = learnability_constant(eigs, mults, n)
        L = learnabilities(eigs, C)
        return predicted_mse(eigs, mults, np.sqrt(np.abs(coeffs)), n, 0.0, 0.0)

    return min(able, key=score)
