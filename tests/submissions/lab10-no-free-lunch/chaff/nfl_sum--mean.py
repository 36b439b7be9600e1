# exercise: nfl_sum
# diagnosis: this is a mean
# why: the mean learnability of a training point
def nfl_sum(K, train, ridge=0.0):
    mu = np.linalg.eigvalsh(K[np.ix_(train, train)])
    if ridge == 0:
        return float(np.mean(mu > 1e-10 * mu[-1]))
    return float(np.mean(mu / (mu + ridge)))
