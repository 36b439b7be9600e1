# exercise: circle_eigenvalues
# diagnosis: 1/√M
# why: the unitary transform
def circle_eigenvalues(kernel_row):
    return np.fft.fft(kernel_row, norm='ortho').real
