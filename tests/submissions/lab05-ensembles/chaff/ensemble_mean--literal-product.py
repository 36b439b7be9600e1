# exercise: ensemble_mean
# diagnosis: the inverse is missing
# why: (10.40) as printed
def ensemble_mean(Theta_train, Theta_test, y):
    return Theta_test @ Theta_train @ y
