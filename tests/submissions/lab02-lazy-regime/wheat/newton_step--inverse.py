# exercise: newton_step
# why: the Newton tensor written out, einsum
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    kappa = np.linalg.inv(Theta_train)
    return f0_test - np.einsum("ma,ab,bc->mc", Theta_test, kappa, f0_train - Y)
