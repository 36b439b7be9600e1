# exercise: newton_step
# diagnosis: both starting outputs are missing
# why: prediction from zero
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    return Theta_test @ np.linalg.solve(Theta_train, Y)
