# exercise: polynomial_features
# diagnosis: rows and columns are exchanged
# why: features in rows, as on the slides
def polynomial_features(X, degree):
    columns = [np.ones(len(X))]
    for order in range(1, degree + 1):
        for chosen in itertools.combinations_with_replacement(range(X.shape[1]), order):
            columns.append(np.prod(X[:, list(chosen)], axis=1))
    return np.array(columns)
