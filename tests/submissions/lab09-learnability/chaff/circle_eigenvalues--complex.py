# exercise: circle_eigenvalues
# diagnosis: complex numbers
# why: imaginary parts left in
def circle_eigenvalues(kernel_row):
    return np.fft.fft(kernel_row) / len(kernel_row)
