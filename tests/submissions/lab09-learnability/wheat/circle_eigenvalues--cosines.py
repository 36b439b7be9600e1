# exercise: circle_eigenvalues
# why: the sum written out as a matrix of cosines
def circle_eigenvalues(kernel_row):
    M = len(kernel_row)
    j = np.arange(M)
    return np.cos(2 * np.pi * np.outer(j, j) / M) @ kernel_row / M
