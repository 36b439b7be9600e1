# exercise: polynomial_features
# diagnosis: the squares are missing
# why: combinations without replacement
def polynomial_features(X, degree):
    columns = [np.ones(len(X))]
    for order in range(1, degree + 1):
        for chosen in itertools.combinations(range(X.shape[1]), order):
            columns.append(np.prod(X[:, list(chosen)], axis=1))
    return np.column_stack(columns)
