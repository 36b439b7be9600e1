# exercise: learnability_constant
# why: Newton's method in log C, from the left
def learnability_constant(eigs, mults, n, ridge=0.0):
    eigs, mults = np.asarray(eigs, dtype=float), np.asarray(mults, dtype=float)
    mults, eigs = mults[eigs > 0], eigs[eigs > 0]
    if ridge == 0 and n > mults.sum():
        raise ValueError("too many points")
    if ridge == 0 and n == mults.sum():
        return 0.0
    u = np.log(max(np.max(eigs), ridge)) - 45
    for _ in range(400):
        C = np.exp(u)
        L = eigs / (eigs + C)
        excess = mults @ L + ridge / C - n
        slope = -(mults @ (L * (1 - L))) - ridge / C
        u += np.clip(-excess / slope, -1, 1) if slope != 0 else 1.0
    return np.exp(u)
