# exercise: rademacher_ball
# why: einsum in single precision, one array as the answer's pair
def rademacher_ball(K, radius, n_draws, rng):
    sigma = rng.choice(np.array([-1, 1], dtype=np.float32), size=(len(K), n_draws))
    squares = np.einsum("ir,ij,jr->r", sigma, np.asarray(K, dtype=np.float32), sigma)
    values = np.float32(radius) / len(K) * np.sqrt(np.abs(squares))
    return [values.mean(), values.std(ddof=1) / np.float32(n_draws) ** 0.5]
