# exercise: nfl_linear_regression
# diagnosis: divided by n
# why: the covariance and an absolute ridge mixed
def nfl_linear_regression(X, train, ridge=0.0):
    return nfl_sum(X @ X.T, train, ridge / len(train))
