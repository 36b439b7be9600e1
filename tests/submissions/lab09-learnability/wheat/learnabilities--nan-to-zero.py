# exercise: learnabilities
# why: 0/0 mended afterwards, single precision
def learnabilities(eigs, C):
    eigs = np.asarray(eigs, dtype=np.float32)
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(eigs / (eigs + np.float32(C)))
