# exercise: nfl_linear_regression
# why: the kernel of all points, handed on
def nfl_linear_regression(X, train, ridge=0.0):
    return nfl_sum(X @ X.T, train, ridge)
