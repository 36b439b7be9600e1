# exercise: choose_architecture
# diagnosis: the multiplicities are ignored
# why: one mode a level
def choose_architecture(spectra, coeffs, n):
    able = [i for i, (eigs, mults) in enumerate(spectra) if np.sum(mults[eigs > 0]) >= n]
    if not able:
        raise ValueError("none fits")

    def score(i):
        eigs, mults = spectra[i]
        return predicted_mse(eigs, np.ones(len(eigs)), coeffs, n, 0.0, 0.0) if n < len(eigs) else np.inf

    return min(able, key=score)
