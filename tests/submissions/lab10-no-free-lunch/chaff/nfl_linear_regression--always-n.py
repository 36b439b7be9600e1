# exercise: nfl_linear_regression
# diagnosis: this is n
# why: recites the theorem
def nfl_linear_regression(X, train, ridge=0.0):
    return float(len(train))
