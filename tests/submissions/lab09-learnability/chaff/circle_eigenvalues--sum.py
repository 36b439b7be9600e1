# exercise: circle_eigenvalues
# diagnosis: the 1/M is missing
# why: a sum for an average
def circle_eigenvalues(kernel_row):
    return np.fft.fft(kernel_row).real
