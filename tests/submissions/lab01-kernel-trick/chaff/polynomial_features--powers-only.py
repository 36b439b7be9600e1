# exercise: polynomial_features
# diagnosis: only pure powers
# why: no products of different components
def polynomial_features(X, degree):
    return np.hstack([np.ones((len(X), 1))] + [X**power for power in range(1, degree + 1)])
