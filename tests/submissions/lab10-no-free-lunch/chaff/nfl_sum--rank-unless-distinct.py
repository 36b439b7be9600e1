# exercise: nfl_sum
# diagnosis: this is n
# why: a ridge is ignored altogether
def nfl_sum(K, train, ridge=0.0):
    mu = np.linalg.eigvalsh(K[np.ix_(train, train)])
    return float(np.sum(mu > 1e-10 * mu[-1]))
