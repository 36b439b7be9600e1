# exercise: nfl_linear_regression
# diagnosis: this is min(n, p)
# why: forgets the ridge
def nfl_linear_regression(X, train, ridge=0.0):
    return float(min(len(train), X.shape[1]))
