# exercise: newton_step
# diagnosis: f0_test is missing
# why: forgets the test start
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    return Theta_test @ np.linalg.solve(Theta_train, Y - f0_train)
