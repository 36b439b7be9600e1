# exercise: newton_step
# diagnosis: n stands in the step
# why: divides by n
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    return f0_test - Theta_test @ np.linalg.solve(Theta_train, f0_train - Y) / len(Y)
