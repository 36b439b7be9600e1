# exercise: rademacher_ball
# diagnosis: σᵀKσ without its root
# why: forgets that the supremum is a length
def rademacher_ball(K, radius, n_draws, rng):
    n = len(K)
    signs = rng.choice([-1.0, 1.0], size=(n_draws, n))
    squares = np.maximum(np.sum((signs @ K) * signs, axis=1), 0)
    suprema = radius / n * squares
    return suprema.mean(), suprema.std(ddof=1) / np.sqrt(n_draws)
