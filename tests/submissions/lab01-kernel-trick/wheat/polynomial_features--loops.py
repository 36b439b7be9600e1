# exercise: polynomial_features
# why: row by row in plain Python, a list of lists
def polynomial_features(X, degree):
    rows = []
    for x in X:
        row = [1.0]
        for size in range(1, degree + 1):
            for chosen in itertools.combinations_with_replacement(x, size):
                product = 1.0
                for value in chosen:
                    product *= float(value)
                row.append(product)
        rows.append(row)
    return rows
