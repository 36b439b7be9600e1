# exercise: nfl_linear_regression
# diagnosis: but the rank decides
# why: right with a ridge, min(n, p) without
def nfl_linear_regression(X, train, ridge=0.0):
    if ridge == 0:
        return float(min(len(train), X.shape[1]))
    return nfl_sum(X @ X.T, train, ridge)
