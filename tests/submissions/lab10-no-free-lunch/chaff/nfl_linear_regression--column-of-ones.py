# exercise: nfl_linear_regression
# diagnosis: column of ones
# why: adds an intercept
def nfl_linear_regression(X, train, ridge=0.0):
    A = np.column_stack([np.ones(len(X)), X])
    return nfl_sum(A @ A.T, train, ridge)
