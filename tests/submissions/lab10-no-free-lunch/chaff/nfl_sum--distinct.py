# exercise: nfl_sum
# diagnosis: number of distinct points
# why: counts distinct points without a ridge and forgets the kernel
def nfl_sum(K, train, ridge=0.0):
    if ridge == 0:
        return float(len(set(train.tolist())))
    mu = np.linalg.eigvalsh(K[np.ix_(train, train)])
    return float(np.sum(mu / (mu + ridge)))
