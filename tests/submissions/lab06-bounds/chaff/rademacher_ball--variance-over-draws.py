# exercise: rademacher_ball
# diagnosis: variance over n_draws
# why: the square of the standard error
def rademacher_ball(K, radius, n_draws, rng):
    n = len(K)
    signs = rng.choice([-1.0, 1.0], size=(n_draws, n))
    squares = np.maximum(np.sum((signs @ K) * signs, axis=1), 0)
    suprema = radius / n * np.sqrt(squares)
    return suprema.mean(), suprema.var(ddof=1) / n_draws
