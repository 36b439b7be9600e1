# exercise: gd_limit
# why: QR of the transpose
def gd_limit(Phi, Y, w0, h0):
    if np.linalg.matrix_rank(Phi) < len(Phi):
        raise ValueError("rank")
    Q, R = np.linalg.qr(Phi.T)
    return w0 + Q @ np.linalg.solve(R.T, Y - h0)
