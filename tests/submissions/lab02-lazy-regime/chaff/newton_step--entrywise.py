# exercise: newton_step
# diagnosis: each entry of Θ is inverted
# why: 1/Θ
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    return f0_test - Theta_test @ (1 / Theta_train) @ (f0_train - Y)
