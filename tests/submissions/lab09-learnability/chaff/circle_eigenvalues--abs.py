# exercise: circle_eigenvalues
# diagnosis: negative values made positive
# why: abs in place of the real part
def circle_eigenvalues(kernel_row):
    return np.abs(np.fft.fft(kernel_row)) / len(kernel_row)
