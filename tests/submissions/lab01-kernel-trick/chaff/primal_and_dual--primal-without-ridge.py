# exercise: primal_and_dual
# diagnosis: the ridge is missing on the primal road
# why: ridge on one road only
def primal_and_dual(Phi_train, Phi_test, Y, ridge):
    n, p = Phi_train.shape
    f_primal = Phi_test @ np.linalg.pinv(Phi_train) @ Y
    f_dual = kernel_predict(Phi_train @ Phi_train.T, Phi_test @ Phi_train.T, Y, ridge)
    return f_primal, f_dual, "primal" if p <= n else "dual"
