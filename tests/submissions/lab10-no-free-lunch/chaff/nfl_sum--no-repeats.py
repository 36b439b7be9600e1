# exercise: nfl_sum
# diagnosis: left out
# why: takes every point once
def nfl_sum(K, train, ridge=0.0):
    D = np.unique(train)
    mu = np.linalg.eigvalsh(K[np.ix_(D, D)])
    if ridge == 0:
        return float(np.sum(mu > 1e-10 * mu[-1]))
    return float(np.sum(mu / (mu + ridge)))
