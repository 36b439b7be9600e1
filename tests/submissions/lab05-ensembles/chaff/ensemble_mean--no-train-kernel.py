# exercise: ensemble_mean
# diagnosis: does not enter
# why: a kernel smoother without weights
def ensemble_mean(Theta_train, Theta_test, y):
    return Theta_test @ y
