# exercise: learnability_constant
# why: SciPy's root finder over log C
def learnability_constant(eigs, mults, n, ridge=0.0):
    eigs, mults = np.asarray(eigs, dtype=float), np.asarray(mults, dtype=float)
    mults, eigs = mults[eigs > 0], eigs[eigs > 0]
    if ridge == 0 and n > mults.sum():
        raise ValueError("too many points")
    if ridge == 0 and n == mults.sum():
        return 0.0
    from scipy.optimize import brentq

    def f(u):
        return np.sum(mults * eigs / (eigs + np.exp(u))) + ridge / np.exp(u) - n

    return np.exp(brentq(f, -60, np.log((mults @ eigs + ridge) / n) + 1))
