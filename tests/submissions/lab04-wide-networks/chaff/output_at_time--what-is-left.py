# exercise: output_at_time
# diagnosis: e^(−λt) is what is still to be learned
# why: the residual in place of what has been learned
def output_at_time(K_train, K_test, Y, f0_train, f0_test, t):
    rates, Q = np.linalg.eigh(K_train)
    safe = np.where(rates > 0, rates, 1.0)
    gain = np.where(rates > 0, np.exp(-safe * t) / safe, t)
    return f0_test + K_test @ Q @ np.diag(gain) @ Q.T @ (Y - f0_train)
