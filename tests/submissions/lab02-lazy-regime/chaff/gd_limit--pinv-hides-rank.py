# exercise: gd_limit
# diagnosis: check the rank of Phi and raise a ValueError
# why: pinv answers whatever the rank
def gd_limit(Phi, Y, w0, h0):
    return w0 + np.linalg.pinv(Phi) @ (Y - h0)
