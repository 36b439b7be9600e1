# exercise: choose_architecture
# why: own errors caught
def choose_architecture(spectra, coeffs, n):
    best, least = None, np.inf
    for index, (eigs, mults) in enumerate(spectra):
        try:
            error = predicted_mse(eigs, mults, coeffs, n, 0.0, 0.0)
        except ValueError:
            continue
        if error < least:
            best, least = index, error
    if best is None:
        raise ValueError("none fits")
    return best
