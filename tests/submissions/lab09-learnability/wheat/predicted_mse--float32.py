# exercise: predicted_mse
# why: single precision
def predicted_mse(eigs, mults, coeffs, n, ridge, noise):
    L = np.asarray(learnabilities(eigs, learnability_constant(eigs, mults, n, ridge)), dtype=np.float32)
    v, m = np.asarray(coeffs, dtype=np.float32), np.asarray(mults, dtype=np.float32)
    return np.float32(n) / (np.float32(n) - m @ L**2) * ((1 - L) ** 2 @ v**2 + np.float32(noise)) - np.float32(noise)
