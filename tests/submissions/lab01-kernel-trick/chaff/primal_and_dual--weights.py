# exercise: primal_and_dual
# diagnosis: the first answer holds weights
# why: weights in place of predictions
def primal_and_dual(Phi_train, Phi_test, Y, ridge):
    n, p = Phi_train.shape
    f_primal = linear_regression(Phi_train, Y, ridge)
    f_dual = kernel_predict(Phi_train @ Phi_train.T, Phi_test @ Phi_train.T, Y, ridge)
    return f_primal, f_dual, "primal" if p <= n else "dual"
