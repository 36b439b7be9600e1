# exercise: nfl_sum
# diagnosis: divided by n
# why: the eigenvalues of K/n, but the ridge of K
def nfl_sum(K, train, ridge=0.0):
    mu = np.linalg.eigvalsh(K[np.ix_(train, train)])
    if ridge == 0:
        return float(np.sum(mu > 1e-10 * mu[-1]))
    return float(np.sum(mu / (mu + ridge / len(train))))
