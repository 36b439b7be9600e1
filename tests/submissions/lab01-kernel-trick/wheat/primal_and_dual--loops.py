# exercise: primal_and_dual
# why: kernels entry by entry, outputs one by one
def primal_and_dual(Phi_train, Phi_test, Y, ridge):
    n, p = len(Phi_train), len(Phi_train[0])
    K_train = np.array([[sum(a * b) for b in Phi_train] for a in Phi_train])
    K_test = np.array([[np.dot(a, b) for b in Phi_train] for a in Phi_test])
    f_primal, f_dual = [], []
    for y in Y.T:
        f_primal.append(Phi_test @ linear_regression(Phi_train, y[:, None], ridge)[:, 0])
        f_dual.append(kernel_predict(K_train, K_test, y[:, None], ridge)[:, 0])
    return np.array(f_primal).T, np.array(f_dual).T, "primal" if p**3 <= n**3 else "dual"
