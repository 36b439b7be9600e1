# exercise: polynomial_features
# diagnosis: count it once
# why: x1·x2 and x2·x1 both listed
def polynomial_features(X, degree):
    columns = [np.ones(len(X))]
    for order in range(1, degree + 1):
        for chosen in itertools.product(range(X.shape[1]), repeat=order):
            columns.append(np.prod(X[:, list(chosen)], axis=1))
    return np.column_stack(columns)
