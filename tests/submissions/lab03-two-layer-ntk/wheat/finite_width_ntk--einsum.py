# exercise: finite_width_ntk
# why: explicit feature vectors, contracted by einsum
def finite_width_ntk(a, B, X, Z):
    U, V = np.einsum("nd,md->nm", X, B), np.einsum("kd,md->km", Z, B)
    by_a, by_a_z = np.clip(U, 0, None), np.clip(V, 0, None)
    by_B = np.einsum("m,nm,nd->nmd", a, np.heaviside(U, 0.0), X)
    by_B_z = np.einsum("m,km,kd->kmd", a, np.heaviside(V, 0.0), Z)
    return (np.einsum("nm,km->nk", by_a, by_a_z) + np.einsum("nmd,kmd->nk", by_B, by_B_z)) / a.shape[0]
