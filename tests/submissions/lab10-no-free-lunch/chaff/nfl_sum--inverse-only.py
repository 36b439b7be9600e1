# exercise: nfl_sum
# diagnosis: in front of the inverse is missing
# why: the trace of the inverse
def nfl_sum(K, train, ridge=0.0):
    block = K[np.ix_(train, train)]
    return float(np.trace(np.linalg.pinv(block + ridge * np.eye(len(train)))))
