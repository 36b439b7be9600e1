# exercise: ensemble_mean
# diagnosis: the mean of y is removed and not put back
# why: targets centred
def ensemble_mean(Theta_train, Theta_test, y):
    return Theta_test @ np.linalg.solve(Theta_train, y - y.mean(axis=0))
