# exercise: robustness_and_variance
# why: linear algebra in float32
def robustness_and_variance(K, Theta):
    K, Theta = np.asarray(K, dtype=np.float32), np.asarray(Theta, dtype=np.float32)
    try:
        c = np.linalg.solve(Theta[:1, :1], Theta[:1, 1:])[0, 0]
    except np.linalg.LinAlgError:
        raise ValueError("Theta_++ is 0") from None
    return c - 1, K[1, 1] - 2 * c * K[0, 1] + c**2 * K[0, 0]
