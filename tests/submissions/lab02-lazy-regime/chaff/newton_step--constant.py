# exercise: newton_step
# diagnosis: entries are wrong
# why: zeros
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    return np.zeros(np.shape(f0_test))
