# exercise: polynomial_features
# why: all tuples of exponents, filtered by their sum
def polynomial_features(X, degree):
    exponents = [e for e in itertools.product(range(degree + 1), repeat=X.shape[1]) if sum(e) <= degree]
    exponents.sort(key=sum)
    return np.stack([np.prod(X ** np.array(e), axis=1) for e in exponents], axis=1)
