# exercise: nfl_sum
# diagnosis: eigenvalues of the whole K
# why: all of K in place of the training block
def nfl_sum(K, train, ridge=0.0):
    mu = np.linalg.eigvalsh(K)
    if ridge == 0:
        return float(min(len(train), np.sum(mu > 1e-10 * mu[-1])))
    return float(np.sum(mu / (mu + ridge)))
