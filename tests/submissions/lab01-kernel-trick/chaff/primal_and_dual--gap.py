# exercise: primal_and_dual
# diagnosis: the first returned value
# why: the largest difference in place of the predictions
def primal_and_dual(Phi_train, Phi_test, Y, ridge):
    n, p = Phi_train.shape
    f_primal = Phi_test @ linear_regression(Phi_train, Y, ridge)
    f_dual = kernel_predict(Phi_train @ Phi_train.T, Phi_test @ Phi_train.T, Y, ridge)
    return np.abs(f_primal - f_dual).max(), f_dual, "primal" if p <= n else "dual"
