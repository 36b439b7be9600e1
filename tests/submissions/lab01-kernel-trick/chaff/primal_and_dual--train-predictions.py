# exercise: primal_and_dual
# diagnosis: these are predictions on the training inputs
# why: Phi_test not used
def primal_and_dual(Phi_train, Phi_test, Y, ridge):
    n, p = Phi_train.shape
    f_primal = Phi_train @ linear_regression(Phi_train, Y, ridge)
    f_dual = kernel_predict(Phi_train @ Phi_train.T, Phi_train @ Phi_train.T, Y, ridge)
    return f_primal, f_dual, "primal" if p <= n else "dual"
