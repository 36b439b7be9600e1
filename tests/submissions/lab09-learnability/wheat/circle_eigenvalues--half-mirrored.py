# exercise: circle_eigenvalues
# why: half of the transform, mirrored
def circle_eigenvalues(kernel_row):
    M = len(kernel_row)
    half = np.fft.rfft(kernel_row).real / M
    return np.array([half[min(k, M - k)] for k in range(M)])
