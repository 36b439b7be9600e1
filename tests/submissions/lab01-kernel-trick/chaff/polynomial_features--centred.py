# exercise: polynomial_features
# diagnosis: the columns are centred
# why: means subtracted from every column
def polynomial_features(X, degree):
    columns = [np.ones(len(X))]
    for order in range(1, degree + 1):
        for chosen in itertools.combinations_with_replacement(range(X.shape[1]), order):
            columns.append(np.prod(X[:, list(chosen)], axis=1))
    Phi = np.column_stack(columns)
    return Phi - Phi.mean(axis=0)
