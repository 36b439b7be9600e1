# exercise: ensemble_mean
# diagnosis: each entry is inverted by itself
# why: 1 / Theta for the inverse
def ensemble_mean(Theta_train, Theta_test, y):
    return Theta_test @ (1 / Theta_train) @ y
