# exercise: rademacher_ball
# diagnosis: the root of the mean
# why: the bound, without any sampling
def rademacher_ball(K, radius, n_draws, rng):
    return radius / len(K) * np.sqrt(np.trace(K)), 0.0
