# exercise: predicted_mse
# diagnosis: wrong value
# why: one number
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    return 0.4
