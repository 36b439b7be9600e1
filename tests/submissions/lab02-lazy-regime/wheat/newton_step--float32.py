# exercise: newton_step
# why: single precision
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    A, B, Y, f, g = (np.asarray(a, dtype=np.float32) for a in (Theta_train, Theta_test, Y, f0_train, f0_test))
    return g - B @ np.linalg.solve(A, f - Y)
