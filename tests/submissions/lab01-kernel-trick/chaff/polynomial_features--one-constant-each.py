# exercise: polynomial_features
# diagnosis: once for every component (X**0)
# why: powers of the whole array, from 0 on
def polynomial_features(X, degree):
    return np.hstack([X**power for power in range(degree + 1)])
