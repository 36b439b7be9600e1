# exercise: nfl_linear_regression
# diagnosis: multiplied by n
# why: the ridge of a mean loss
def nfl_linear_regression(X, train, ridge=0.0):
    return nfl_sum(X @ X.T, train, ridge * len(train))
