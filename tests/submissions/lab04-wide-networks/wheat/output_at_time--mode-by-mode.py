# exercise: output_at_time
# why: a loop over modes with the limit written out
def output_at_time(K_train, K_test, Y, f0_train, f0_test, t):
    rates, Q = np.linalg.eigh(K_train)
    answer = f0_test + 0.0
    for rate, q in zip(rates, Q.T):
        share = t * (1 - rate * t / 2) if abs(rate * t) < 1e-9 else (1 - np.exp(-rate * t)) / rate
        answer = answer + np.outer(K_test @ q, q @ (Y - f0_train)) * share
    return answer
