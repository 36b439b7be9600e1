# exercise: nfl_sum
# diagnosis: left over
# why: what is not spent
def nfl_sum(K, train, ridge=0.0):
    mu = np.linalg.eigvalsh(K[np.ix_(train, train)])
    if ridge == 0:
        return len(train) - float(np.sum(mu > 1e-10 * mu[-1]))
    return len(train) - float(np.sum(mu / (mu + ridge)))
