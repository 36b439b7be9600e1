# exercise: rademacher_ball
# diagnosis: the signs are normal numbers
# why: Gaussian complexity
def rademacher_ball(K, radius, n_draws, rng):
    n = len(K)
    signs = rng.standard_normal((n_draws, n))
    squares = np.maximum(np.sum((signs @ K) * signs, axis=1), 0)
    suprema = radius / n * np.sqrt(squares)
    return suprema.mean(), suprema.std(ddof=1) / np.sqrt(n_draws)
