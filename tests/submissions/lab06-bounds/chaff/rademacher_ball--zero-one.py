# exercise: rademacher_ball
# diagnosis: the signs are 0 and 1
# why: rng.integers(2)
def rademacher_ball(K, radius, n_draws, rng):
    n = len(K)
    signs = rng.integers(0, 2, size=(n_draws, n))
    squares = np.maximum(np.sum((signs @ K) * signs, axis=1), 0)
    suprema = radius / n * np.sqrt(squares)
    return suprema.mean(), suprema.std(ddof=1) / np.sqrt(n_draws)
