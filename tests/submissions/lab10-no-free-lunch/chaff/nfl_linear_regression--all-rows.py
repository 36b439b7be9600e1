# exercise: nfl_linear_regression
# diagnosis: all rows
# why: trains on the whole table
def nfl_linear_regression(X, train, ridge=0.0):
    return nfl_sum(X @ X.T, np.arange(len(X)), ridge)
