# exercise: choose_architecture
# diagnosis: the same index every time
# why: always the first
def choose_architecture(spectra, coeffs, n):
    return 0
