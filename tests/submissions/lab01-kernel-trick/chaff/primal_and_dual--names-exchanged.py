# exercise: primal_and_dual
# diagnosis: the names are exchanged
# why: the larger system named
def primal_and_dual(Phi_train, Phi_test, Y, ridge):
    n, p = Phi_train.shape
    f_primal = Phi_test @ linear_regression(Phi_train, Y, ridge)
    f_dual = kernel_predict(Phi_train @ Phi_train.T, Phi_test @ Phi_train.T, Y, ridge)
    return f_primal, f_dual, "dual" if p <= n else "primal"
