# exercise: choose_architecture
# diagnosis: the largest C
# why: C as a score
def choose_architecture(spectra, coeffs, n):
    able = [i for i, (eigs, mults) in enumerate(spectra) if np.sum(mults[eigs > 0]) >= n]
    if not able:
        raise ValueError("none fits")

    def score(i):
        eigs, mults = spectra[i]
        C = learnability_constant(eigs, mults, n)
        L = learnabilities(eigs, C)
        return C

    return max(able, key=score)
