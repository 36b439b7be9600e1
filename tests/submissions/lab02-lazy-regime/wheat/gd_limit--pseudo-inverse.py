# exercise: gd_limit
# why: pinv, after a look at the singular values
def gd_limit(Phi, Y, w0, h0):
    singular = np.linalg.svd(Phi, compute_uv=False)
    if Phi.shape[0] > Phi.shape[1] or singular[-1] < 1e-10 * singular[0]:
        raise ValueError("the points are not independent")
    return w0 + np.linalg.pinv(Phi) @ (Y - h0)
