# exercise: output_at_time
# diagnosis: the 1/λ is missing
# why: a mode's share times the kernel
def output_at_time(K_train, K_test, Y, f0_train, f0_test, t):
    rates, Q = np.linalg.eigh(K_train)
    safe = np.where(rates > 0, rates, 1.0)
    gain = -np.expm1(-rates * t)
    return f0_test + K_test @ Q @ np.diag(gain) @ Q.T @ (Y - f0_train)
