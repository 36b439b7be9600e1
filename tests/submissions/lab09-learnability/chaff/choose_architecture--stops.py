# exercise: choose_architecture
# diagnosis: it raised ValueError
# why: gives up when one candidate cannot fit
def choose_architecture(spectra, coeffs, n):
    return int(np.argmin([predicted_mse(eigs, mults, coeffs, n, 0.0, 0.0) for eigs, mults in spectra]))
