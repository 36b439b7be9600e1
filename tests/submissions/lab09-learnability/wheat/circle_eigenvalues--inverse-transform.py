# exercise: circle_eigenvalues
# why: the inverse transform has the 1/M, and the row is symmetric
def circle_eigenvalues(kernel_row):
    return np.real(np.fft.ifft(kernel_row))
