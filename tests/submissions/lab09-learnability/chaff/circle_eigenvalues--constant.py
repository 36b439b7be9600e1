# exercise: circle_eigenvalues
# diagnosis: returned shape ()
# why: one number
def circle_eigenvalues(kernel_row):
    return 1.0
