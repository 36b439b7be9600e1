# exercise: newton_step
# diagnosis: multiplied by Θ where its inverse belongs
# why: the printed (10.39)
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    return f0_test - Theta_test @ Theta_train @ (f0_train - Y)
