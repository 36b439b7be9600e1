# exercise: choose_architecture
# diagnosis: n is ignored
# why: n = 1 for every n
def choose_architecture(spectra, coeffs, n):
    able = [i for i, (eigs, mults) in enumerate(spectra) if np.sum(mults[eigs > 0]) >= n]
    if not able:
        raise ValueError("none fits")

    def score(i):
        eigs, mults = spectra[i]
        C = learnability_constant(eigs, mults, n)
        L = learnabilities(eigs, C)
        return predicted_mse(eigs, mults, coeffs, 1.0, 0.0, 0.0)

    return min(able, key=score)
