# exercise: primal_and_dual
# diagnosis: the ridge is missing on the dual road
# why: ridge on one road only
def primal_and_dual(Phi_train, Phi_test, Y, ridge):
    n, p = Phi_train.shape
    f_primal = Phi_test @ linear_regression(Phi_train, Y, ridge)
    f_dual = Phi_test @ Phi_train.T @ np.linalg.pinv(Phi_train @ Phi_train.T) @ Y
    return f_primal, f_dual, "primal" if p <= n else "dual"
