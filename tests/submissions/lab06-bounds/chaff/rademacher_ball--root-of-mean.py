# exercise: rademacher_ball
# diagnosis: the root of the mean
# why: Jensen's inequality as an equality
def rademacher_ball(K, radius, n_draws, rng):
    n = len(K)
    signs = rng.choice([-1.0, 1.0], size=(n_draws, n))
    squares = np.maximum(np.sum((signs @ K) * signs, axis=1), 0)
    suprema = radius / n * np.sqrt(squares)
    return radius / n * np.sqrt(squares.mean()), suprema.std(ddof=1) / np.sqrt(n_draws)
