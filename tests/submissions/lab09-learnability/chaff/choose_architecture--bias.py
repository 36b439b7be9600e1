# exercise: choose_architecture
# diagnosis: the other modes scatter too
# why: what is missed on average
def choose_architecture(spectra, coeffs, n):
    able = [i for i, (eigs, mults) in enumerate(spectra) if np.sum(mults[eigs > 0]) >= n]
    if not able:
        raise ValueError("none fits")

    def score(i):
        eigs, mults = spectra[i]
        C = learnability_constant(eigs, mults, n)
        L = learnabilities(eigs, C)
        return np.sum((1 - L) ** 2 * coeffs**2)

    return min(able, key=score)
