# exercise: circle_eigenvalues
# diagnosis: power spectrum
# why: squares
def circle_eigenvalues(kernel_row):
    return np.abs(np.fft.fft(kernel_row) / len(kernel_row)) ** 2
