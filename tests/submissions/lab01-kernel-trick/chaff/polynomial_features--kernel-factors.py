# exercise: polynomial_features
# diagnosis: carry the factors
# why: the features of the polynomial kernel, with square roots of multinomials
from math import factorial


def polynomial_features(X, degree):
    columns = []
    for e in itertools.product(range(degree + 1), repeat=X.shape[1]):
        rest = degree - sum(e)
        if rest >= 0:
            count = factorial(degree) / np.prod([factorial(power) for power in (*e, rest)])
            columns.append(np.sqrt(count) * np.prod(X ** np.array(e), axis=1))
    return np.column_stack(columns)
