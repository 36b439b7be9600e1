# exercise: nfl_linear_regression
# diagnosis: wrong value
# why: one number
def nfl_linear_regression(X, train, ridge=0.0):
    return 18 / 32 + 32 / 46
