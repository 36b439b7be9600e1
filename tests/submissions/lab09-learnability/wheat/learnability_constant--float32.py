# exercise: learnability_constant
# why: bisection in single precision
def learnability_constant(eigs, mults, n, ridge=0.0):
    eigs, mults = np.asarray(eigs, dtype=float), np.asarray(mults, dtype=float)
    mults, eigs = mults[eigs > 0], eigs[eigs > 0]
    if ridge == 0 and n > mults.sum():
        raise ValueError("too many points")
    if ridge == 0 and n == mults.sum():
        return 0.0
    eigs, mults = eigs.astype(np.float32), mults.astype(np.float32)
    low = high = np.float32(np.log((mults @ eigs + ridge) / n))

    def left(u):
        C = np.exp(np.float32(u))
        return mults @ (eigs / (eigs + C)) + np.float32(ridge) / C

    while left(low) < n:
        low -= 1
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if left(middle) > n else (low, middle)
    return np.exp(np.float32(middle))
