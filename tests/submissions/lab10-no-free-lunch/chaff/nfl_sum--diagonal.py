# exercise: nfl_sum
# diagnosis: diagonal entries
# why: K[train, train] picks the diagonal
def nfl_sum(K, train, ridge=0.0):
    mu = K[train, train]
    return float(np.sum(mu / (mu + ridge)))
