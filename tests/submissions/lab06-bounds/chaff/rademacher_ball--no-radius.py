# exercise: rademacher_ball
# diagnosis: the radius is missing
# why: unit ball
def rademacher_ball(K, radius, n_draws, rng):
    n = len(K)
    signs = rng.choice([-1.0, 1.0], size=(n_draws, n))
    squares = np.maximum(np.sum((signs @ K) * signs, axis=1), 0)
    suprema = 1 / n * np.sqrt(squares)
    return suprema.mean(), suprema.std(ddof=1) / np.sqrt(n_draws)
