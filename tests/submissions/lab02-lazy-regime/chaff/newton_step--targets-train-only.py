# exercise: newton_step
# diagnosis: shape
# why: predicts on the training points
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    return Y
