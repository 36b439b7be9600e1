# exercise: output_at_time
# why: modes with rate zero left out: the test kernel has no part in them
def output_at_time(K_train, K_test, Y, f0_train, f0_test, t):
    rates, Q = np.linalg.eigh(K_train)
    keep = rates > 1e-12 * max(rates.max(), 1e-300)
    rates, Q = rates[keep], Q[:, keep]
    return f0_test + K_test @ Q @ np.diag(-np.expm1(-rates * t) / rates) @ Q.T @ (Y - f0_train)
