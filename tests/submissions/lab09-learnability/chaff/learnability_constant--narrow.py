# exercise: learnability_constant
# diagnosis: the search ends too early
# why: a bracket that ends at 100
def learnability_constant(eigs, mults, n, ridge=0.0):
    eigs, mults = np.asarray(eigs, dtype=float), np.asarray(mults, dtype=float)
    mults, eigs = mults[eigs > 0], eigs[eigs > 0]
    if ridge == 0 and n > mults.sum():
        raise ValueError("too many points")
    if ridge == 0 and n == mults.sum():
        return 0.0
    a, b = -15.0, 2.0
    for _ in range(120):
        c = (a + b) / 2
        C = 10.0**c
        if np.sum(mults * eigs / (eigs + C)) + ridge / C > n:
            a = c
        else:
            b = c
    return 10**a
