# exercise: rademacher_ball
# diagnosis: it is the standard deviation of the draws
# why: error of one draw, not of the mean
def rademacher_ball(K, radius, n_draws, rng):
    n = len(K)
    signs = rng.choice([-1.0, 1.0], size=(n_draws, n))
    squares = np.maximum(np.sum((signs @ K) * signs, axis=1), 0)
    suprema = radius / n * np.sqrt(squares)
    return suprema.mean(), suprema.std(ddof=1)
