# exercise: primal_and_dual
# why: without the two functions, explicit solves
def primal_and_dual(Phi_train, Phi_test, Y, ridge):
    n, p = Phi_train.shape
    W = np.linalg.solve(Phi_train.T @ Phi_train + ridge * np.eye(p), Phi_train.T @ Y)
    alpha = np.linalg.solve(Phi_train @ Phi_train.T + ridge * np.eye(n), Y)
    name = "dual" if n < p else "primal"
    return [Phi_test @ W, Phi_test @ (Phi_train.T @ alpha), name]
