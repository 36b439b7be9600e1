# exercise: polynomial_features
# diagnosis: the first column must be
# why: the bias put at the end
def polynomial_features(X, degree):
    columns = []
    for order in range(1, degree + 1):
        for chosen in itertools.combinations_with_replacement(range(X.shape[1]), order):
            columns.append(np.prod(X[:, list(chosen)], axis=1))
    return np.column_stack(columns + [np.ones(len(X))])
