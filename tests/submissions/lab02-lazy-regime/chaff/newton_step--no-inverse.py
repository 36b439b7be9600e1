# exercise: newton_step
# diagnosis: the inverse is missing
# why: a gradient step of one
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    return f0_test - Theta_test @ (f0_train - Y)
