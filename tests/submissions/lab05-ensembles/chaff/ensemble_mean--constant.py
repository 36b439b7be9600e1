# exercise: ensemble_mean
# diagnosis: entries are wrong
# why: zero everywhere, the mean before training
def ensemble_mean(Theta_train, Theta_test, y):
    return np.zeros((len(Theta_test), *y.shape[1:]))
