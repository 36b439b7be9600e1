# exercise: nfl_sum
# diagnosis: threshold must be relative
# why: a threshold that is not relative: it takes a tiny kernel for 0
def nfl_sum(K, train, ridge=0.0):
    mu = np.linalg.eigvalsh(K[np.ix_(train, train)])
    if ridge == 0:
        return float(np.sum(mu > 1e-10))
    return float(np.sum(mu / (mu + ridge)))
