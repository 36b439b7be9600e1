# exercise: rademacher_ball
# diagnosis: does not follow `rng`
# why: a generator of its own
def rademacher_ball(K, radius, n_draws, rng):
    n = len(K)
    signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(n_draws, n))
    squares = np.maximum(np.sum((signs @ K) * signs, axis=1), 0)
    suprema = radius / n * np.sqrt(squares)
    return suprema.mean(), suprema.std(ddof=1) / np.sqrt(n_draws)
