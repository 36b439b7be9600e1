# exercise: nfl_sum
# diagnosis: singular
# why: divides every eigenvalue by itself at ridge 0
def nfl_sum(K, train, ridge=0.0):
    mu = np.linalg.eigvalsh(K[np.ix_(train, train)])
    with np.errstate(all="ignore"):
        return float(np.sum(np.where(mu == 0, 1.0, mu / (mu + ridge))))
