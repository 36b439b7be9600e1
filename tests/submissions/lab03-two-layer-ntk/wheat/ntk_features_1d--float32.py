# exercise: ntk_features_1d
# why: single precision, filled half by half
def ntk_features_1d(a, b, x):
    a, b, x = (np.asarray(v, dtype=np.float32) for v in (a, b, x))
    m = a.size
    Phi = np.empty((x.size, 2 * m), dtype=np.float32)
    Phi[:, :m] = np.maximum(np.einsum("j,i->ji", x, b), 0)
    Phi[:, m:] = np.einsum("j,i,ji->ji", x, a, np.heaviside(np.outer(x, b), 0))
    return Phi / np.float32(np.sqrt(m))
