# exercise: learnability_constant
# diagnosis: run it in log C
# why: SciPy's default absolute tolerance and a fixed bracket over C itself
def learnability_constant(eigs, mults, n, ridge=0.0):
    eigs, mults = np.asarray(eigs, dtype=float), np.asarray(mults, dtype=float)
    mults, eigs = mults[eigs > 0], eigs[eigs > 0]
    if ridge == 0 and n > mults.sum():
        raise ValueError("too many points")
    if ridge == 0 and n == mults.sum():
        return 0.0
    a, b = 0.0, 1e7
    while b - a > 1e-8:
        C = (a + b) / 2
        if np.sum(mults * eigs / (eigs + C)) + ridge / C > n:
            a = C
        else:
            b = C
    return (a + b) / 2
