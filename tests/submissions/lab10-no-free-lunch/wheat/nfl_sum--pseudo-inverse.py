# exercise: nfl_sum
# why: one expression for both cases
def nfl_sum(K, train, ridge=0.0):
    block = np.asarray(K)[np.ix_(train, train)]
    inverse = np.linalg.pinv(block + ridge * np.eye(len(block)), rcond=1e-10, hermitian=True)
    return float(np.sum(block * inverse))
