# exercise: nfl_sum
# diagnosis: multiplied by n
# why: the ridge of a mean loss
def nfl_sum(K, train, ridge=0.0):
    mu = np.linalg.eigvalsh(K[np.ix_(train, train)])
    if ridge == 0:
        return float(np.sum(mu > 1e-10 * mu[-1]))
    return float(np.sum(mu / (mu + len(train) * ridge)))
