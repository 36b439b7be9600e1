# exercise: rademacher_ball
# why: features from the eigenvectors, lengths of their signed sums
def rademacher_ball(K, radius, n_draws, rng):
    values, vectors = np.linalg.eigh(np.asarray(K))
    features = vectors * np.sqrt(np.clip(values, 0, None))
    sigma = 2 * rng.integers(0, 2, size=(n_draws, len(K))) - 1
    lengths = radius * np.linalg.norm(sigma @ features, axis=1) / len(K)
    return lengths.mean(), lengths.std() / np.sqrt(n_draws)
