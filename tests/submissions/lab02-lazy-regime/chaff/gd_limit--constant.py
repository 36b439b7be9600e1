# exercise: gd_limit
# diagnosis: entries are wrong
# why: zeros
def gd_limit(Phi, Y, w0, h0):
    if np.linalg.matrix_rank(Phi) < len(Phi):
        raise ValueError("rank")
    return np.zeros(len(w0))
