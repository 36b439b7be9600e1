# exercise: arc_cosine_kernels
# why: rows normalised first; sin from the cosine
def arc_cosine_kernels(X, Z):
    nx = np.sqrt((X**2).sum(axis=1, keepdims=True))
    nz = np.sqrt((Z**2).sum(axis=1, keepdims=True))
    unit_x = np.divide(X, nx, out=np.zeros_like(X), where=nx > 0)
    unit_z = np.divide(Z, nz, out=np.zeros_like(Z), where=nz > 0)
    c = np.minimum(1, np.maximum(-1, unit_x @ unit_z.T))
    k0 = np.arccos(-c) / (2 * np.pi)
    k1 = (nx * nz.T) * (np.sqrt(1 - c * c) / (2 * np.pi) + c * k0)
    return [k0, k1]
