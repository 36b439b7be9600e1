# exercise: linear_regression
# why: QR, one output after the other
def linear_regression(Phi, Y, ridge=0.0):
    n, p = Phi.shape
    if ridge > 0:
        Phi = np.concatenate([Phi, np.eye(p) * ridge**0.5])
    Q, R = np.linalg.qr(Phi)
    if R.shape[0] < p or np.abs(np.diag(R)).min() < 1e-10 * np.abs(np.diag(R)).max():
        raise ValueError("rank")
    columns = []
    for i in range(Y.shape[1]):
        target = np.concatenate([Y[:, i], np.zeros(len(Phi) - n)])
        columns.append(linalg.solve_triangular(R, Q.T @ target))
    return np.array(columns).T
