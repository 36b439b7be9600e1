# exercise: relu_ntk
# why: rows scaled to length one, formula written out
def relu_ntk(X, Z):
    nx, nz = np.linalg.norm(X, axis=1), np.linalg.norm(Z, axis=1)
    P = X / np.where(nx == 0, 1, nx)[:, None]
    Q = Z / np.where(nz == 0, 1, nz)[:, None]
    theta = np.arccos((P @ Q.T).clip(-1, 1))
    shape = 2 * np.cos(theta) * (np.pi - theta) + np.sin(theta)
    return nx[:, None] * shape * nz / np.pi
