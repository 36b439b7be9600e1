# exercise: learnability_constant
# why: the root of a polynomial, polished by bisection in its neighbourhood
def learnability_constant(eigs, mults, n, ridge=0.0):
    eigs, mults = np.asarray(eigs, dtype=float), np.asarray(mults, dtype=float)
    mults, eigs = mults[eigs > 0], eigs[eigs > 0]
    if ridge == 0 and n > mults.sum():
        raise ValueError("too many points")
    if ridge == 0 and n == mults.sum():
        return 0.0
    from numpy.polynomial import polynomial as p

    scale = eigs.max() + ridge
    lam, extra = eigs / scale, ridge / scale
    factors = [np.array([value, 1.0]) for value in lam]
    whole = np.array([1.0])
    for factor in factors:
        whole = p.polymul(whole, factor)
    left = extra * whole
    for i, value in enumerate(lam):
        rest = np.array([1.0])
        for k, factor in enumerate(factors):
            if k != i:
                rest = p.polymul(rest, factor)
        left = p.polyadd(left, mults[i] * value * p.polymul([0.0, 1.0], rest))
    roots = p.polyroots(p.polysub(n * p.polymul([0.0, 1.0], whole), left))
    guess = max(np.max(roots.real), 1e-14)
    low, high = np.log(guess) - 5, np.log(guess) + 5
    for _ in range(100):
        u = (low + high) / 2
        if mults @ (lam / (lam + np.exp(u))) + extra / np.exp(u) > n:
            low = u
        else:
            high = u
    return np.exp(u) * scale
