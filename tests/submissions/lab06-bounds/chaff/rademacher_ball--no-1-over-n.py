# exercise: rademacher_ball
# diagnosis: the 1/n is missing
# why: the definition on the slide
def rademacher_ball(K, radius, n_draws, rng):
    n = len(K)
    signs = rng.choice([-1.0, 1.0], size=(n_draws, n))
    squares = np.maximum(np.sum((signs @ K) * signs, axis=1), 0)
    suprema = radius * np.sqrt(squares)
    return suprema.mean(), suprema.std(ddof=1) / np.sqrt(n_draws)
