# exercise: output_at_time
# diagnosis: no finite answer for a singular K_train
# why: divides by an eigenvalue 0
def output_at_time(K_train, K_test, Y, f0_train, f0_test, t):
    rates, Q = np.linalg.eigh(K_train)
    safe = np.where(rates > 0, rates, 1.0)
    gain = -np.expm1(-rates * t) / rates
    return f0_test + K_test @ Q @ np.diag(gain) @ Q.T @ (Y - f0_train)
