# exercise: ensemble_mean
# diagnosis: the mean of y is removed first and added at the end
# why: an intercept that the ensemble does not have
def ensemble_mean(Theta_train, Theta_test, y):
    return y.mean(axis=0) + Theta_test @ np.linalg.solve(Theta_train, y - y.mean(axis=0))
