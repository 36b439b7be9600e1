# exercise: polynomial_features
# diagnosis: one degree too few
# why: range ends before the degree
def polynomial_features(X, degree):
    columns = [np.ones(len(X))]
    for order in range(1, degree):
        for chosen in itertools.combinations_with_replacement(range(X.shape[1]), order):
            columns.append(np.prod(X[:, list(chosen)], axis=1))
    return np.column_stack(columns)
