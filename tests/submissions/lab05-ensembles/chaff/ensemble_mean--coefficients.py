# exercise: ensemble_mean
# diagnosis: the answer lacks
# why: stops at the dual coefficients
def ensemble_mean(Theta_train, Theta_test, y):
    return np.linalg.solve(Theta_train, y)
