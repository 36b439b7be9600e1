# exercise: choose_architecture
# why: built-in min over the indices that can fit
def choose_architecture(spectra, coeffs, n):
    able = [i for i, (eigs, mults) in enumerate(spectra) if sum(m for e, m in zip(eigs, mults) if e > 0) >= n]
    if not able:
        raise ValueError("none fits")
    return min(able, key=lambda i: predicted_mse(*spectra[i], coeffs, n, 0.0, 0.0))
