# exercise: newton_step
# diagnosis: f0_train is missing
# why: forgets the training start
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    return f0_test + Theta_test @ np.linalg.solve(Theta_train, Y)
