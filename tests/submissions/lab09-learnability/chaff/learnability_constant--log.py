# exercise: learnability_constant
# diagnosis: log C
# why: the logarithm is not undone
def learnability_constant(eigs, mults, n, ridge=0.0):
    eigs, mults = np.asarray(eigs, dtype=float), np.asarray(mults, dtype=float)
    mults, eigs = mults[eigs > 0], eigs[eigs > 0]
    if ridge == 0 and n > mults.sum():
        raise ValueError("too many points")
    if ridge == 0 and n == mults.sum():
        return 0.0
    a, b = -15.0, 12.0
    for _ in range(120):
        c = (a + b) / 2
        C = 10.0**c
        if np.sum(mults * eigs / (eigs + C)) + ridge / C > n:
            a = c
        else:
            b = c
    return a * np.log(10)
