# exercise: choose_architecture
# diagnosis: cannot fit n points
# why: a candidate that cannot fit counts as free
def choose_architecture(spectra, coeffs, n):
    errors = []
    for eigs, mults in spectra:
        able = np.sum(mults[eigs > 0]) >= n
        errors.append(predicted_mse(eigs, mults, coeffs, n, 0.0, 0.0) if able else 0.0)
    return int(np.argmin(errors))
