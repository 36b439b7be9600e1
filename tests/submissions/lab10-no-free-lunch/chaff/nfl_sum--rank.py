# exercise: nfl_sum
# diagnosis: this is n
# why: the rank, whatever the ridge
def nfl_sum(K, train, ridge=0.0):
    return float(np.linalg.matrix_rank(K[np.ix_(train, train)]))
