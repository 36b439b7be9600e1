# exercise: newton_step
# why: two triangular systems
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    L = np.linalg.cholesky(Theta_train)
    half = np.linalg.solve(L, Y - f0_train)
    return f0_test + Theta_test @ np.linalg.solve(L.T, half)
