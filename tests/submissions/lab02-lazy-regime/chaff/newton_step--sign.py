# exercise: newton_step
# diagnosis: the sign is wrong
# why: plus
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    return f0_test + Theta_test @ np.linalg.solve(Theta_train, f0_train - Y)
