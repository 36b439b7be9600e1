# exercise: rademacher_ball
# why: one sign vector at a time, statistics by hand
def rademacher_ball(K, radius, n_draws, rng):
    values = []
    for _ in range(n_draws):
        sigma = np.where(rng.random(len(K)) < 0.5, -1.0, 1.0)
        values.append(radius / len(K) * np.sqrt(max(sigma @ K @ sigma, 0.0)))
    mean = sum(values) / n_draws
    variance = sum((v - mean) ** 2 for v in values) / (n_draws - 1)
    return mean, np.sqrt(variance / n_draws)
