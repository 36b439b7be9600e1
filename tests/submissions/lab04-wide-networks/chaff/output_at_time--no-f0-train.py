# exercise: output_at_time
# diagnosis: f0_train is not subtracted
# why: Y in place of the residual
def output_at_time(K_train, K_test, Y, f0_train, f0_test, t):
    rates, Q = np.linalg.eigh(K_train)
    safe = np.where(rates > 0, rates, 1.0)
    gain = np.where(rates > 0, -np.expm1(-safe * t) / safe, t)
    return f0_test + K_test @ Q @ np.diag(gain) @ Q.T @ Y
