# exercise: circle_eigenvalues
# diagnosis: doubled from k = 1 on
# why: coefficients of the cosine series
def circle_eigenvalues(kernel_row):
    eigs = np.fft.fft(kernel_row).real / len(kernel_row)
    eigs[1:] *= 2
    return eigs
