# exercise: polynomial_features
# diagnosis: only the monomials of the top degree
# why: lower degrees left out
def polynomial_features(X, degree):
    columns = [np.ones(len(X))]
    for order in range(degree, degree + 1):
        for chosen in itertools.combinations_with_replacement(range(X.shape[1]), order):
            columns.append(np.prod(X[:, list(chosen)], axis=1))
    return np.column_stack(columns)
