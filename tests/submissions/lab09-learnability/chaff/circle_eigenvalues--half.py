# exercise: circle_eigenvalues
# diagnosis: only half of the frequencies
# why: rfft
def circle_eigenvalues(kernel_row):
    return np.fft.rfft(kernel_row).real / len(kernel_row)
