# exercise: polynomial_features
# why: one component after the other, recursively
def polynomial_features(X, degree):
    n, d = X.shape
    if d == 0:
        return np.ones((n, 1))
    blocks = [X[:, :1] ** power * polynomial_features(X[:, 1:], degree - power) for power in range(degree + 1)]
    return np.concatenate(blocks, axis=1)
