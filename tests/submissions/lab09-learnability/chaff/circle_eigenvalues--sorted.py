# exercise: circle_eigenvalues
# diagnosis: sorted: the place is the frequency
# why: largest first
def circle_eigenvalues(kernel_row):
    return np.sort(np.fft.fft(kernel_row).real / len(kernel_row))[::-1]
