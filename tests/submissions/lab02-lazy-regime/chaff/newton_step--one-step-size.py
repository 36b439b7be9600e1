# exercise: newton_step
# diagnosis: one number for a step
# why: a scalar step
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    return f0_test - Theta_test @ (f0_train - Y) / np.linalg.eigvalsh(Theta_train)[-1]
