# exercise: newton_step
# diagnosis: it raised
# why: train × test
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    return f0_test - Theta_test.T @ np.linalg.solve(Theta_train, f0_train - Y)
