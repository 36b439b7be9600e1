# exercise: circle_eigenvalues
# diagnosis: negative values set to 0
# why: clipped
def circle_eigenvalues(kernel_row):
    return np.clip(np.fft.fft(kernel_row).real / len(kernel_row), 0, None)
