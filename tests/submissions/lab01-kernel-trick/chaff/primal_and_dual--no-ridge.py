# exercise: primal_and_dual
# diagnosis: the ridge is missing on both roads
# why: ridge forgotten
def primal_and_dual(Phi_train, Phi_test, Y, ridge):
    n, p = Phi_train.shape
    f_primal = Phi_test @ np.linalg.pinv(Phi_train) @ Y
    f_dual = f_primal
    return f_primal, f_dual, "primal" if p <= n else "dual"
