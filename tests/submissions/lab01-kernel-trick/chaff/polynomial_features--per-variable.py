# exercise: polynomial_features
# diagnosis: bounds the *total* degree
# why: degree taken for each component
def polynomial_features(X, degree):
    exponents = itertools.product(range(degree + 1), repeat=X.shape[1])
    return np.column_stack([np.prod(X ** np.array(e), axis=1) for e in exponents])
